/**
 * A process whose disk fills up, for tests: started with a small `ulimit -f` it appends to the log in the folder until
 * that fails, then once more, and prints what happened as JSON.
 */
import { openLmdbLog } from '../../src/events/lmdb-log.js';

async function run(folder: string): Promise<void> {
  const log = openLmdbLog({ folder });
  const batch = Array.from({ length: 100 }, () => ({ kind: 'forget', userId: 'u'.repeat(1_000), at: 1 }) as const);
  const append = () => log.append(batch).then(({ position }) => position);
  const nameOf = (error: Error) => error.name;
  let acknowledged = 0;
  const first = await (async () => {
    for (;;) acknowledged = await append();
  })().catch(nameOf);
  const second = await append().catch(nameOf);
  console.log(JSON.stringify({ acknowledged, first, second, last: log.last() }));
  await log.close();
}

void run(process.argv[2]!);
