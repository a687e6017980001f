/**
 * A process that publishes snapshots and moves LATEST to each, for tests: `fork(this file, [folder, count])`. Says
 * `{ expected, next }` after each move it made.
 */
import { FilesSnapshotStore } from '../../src/artifacts/files-snapshot-store.js';
import { draft } from './snapshots.js';

async function run(folder: string, count: number): Promise<void> {
  const store = new FilesSnapshotStore(folder);
  for (let n = 0; n < count; n++) {
    const { id: next } = await store.publish(draft(n, { createdAt: Date.now() }));
    let expected: string | null;
    do expected = await store.latest();
    while (!(await store.moveLatest(expected, next)));
    process.send?.({ expected, next });
    await store.prune(10);
  }
  process.disconnect?.();
}

void run(process.argv[2]!, Number(process.argv[3]));
