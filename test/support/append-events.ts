/**
 * A process that appends to a log, for tests: `fork(this file, [folder, name, count, batch])`. Opens the log, says
 * `{ ready }`, waits for any message, appends `count` clicks of the user `name` on items 0, 1, 2, ..., `batch` at a time,
 * says `{ acknowledged }` after each append, and at last `{ entries }`: how many it can read.
 */
import { once } from 'node:events';
import { openLmdbLog } from '../../src/events/lmdb-log.js';

async function run([folder, name, count, batch]: string[]): Promise<void> {
  const log = openLmdbLog({ folder: folder! });
  const say = (message: object) => process.send?.(message);
  say({ ready: true });
  await once(process, 'message');
  for (let i = 0; i < Number(count); i += Number(batch)) {
    const { positions } = await log.append(
      Array.from({ length: Number(batch) }, (_, j) => {
        const itemId = `${i + j}`;
        return { kind: 'interaction', id: `${name}-${itemId}`, userId: name!, itemId, type: 'CLICK', at: i } as const;
      }),
    );
    say({ acknowledged: positions });
  }
  say({ entries: (await log.read(0, 1_000_000)).length });
  await log.close();
  process.disconnect?.();
}

void run(process.argv.slice(2));
