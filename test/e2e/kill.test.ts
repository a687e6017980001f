/**
 * `kill -9` at random moments under writes: what was acknowledged is there after the restart, nothing twice, and the state
 * from checkpoint and log equals a fold from the start. 20 kills by default; KILLS=100 for the long run.
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type LogEntry } from '../../src/events/log.js';
import { openLmdbLog } from '../../src/events/lmdb-log.js';
import { seededRandom } from '../../src/math/random.js';
import { MemoryUserRecords } from '../../src/profiles/memory-user-records.js';
import { stateHash } from '../../src/state/checkpoint.js';
import { FilesCheckpointStore } from '../../src/state/files-checkpoint-store.js';
import { Follower } from '../../src/state/follower.js';
import { DEFAULT_STATE_SETTINGS } from '../../src/state/state-settings.js';
import { ask, startProcess, withFolder } from '../support/server.js';

const KILLS = Number(process.env['KILLS'] ?? 20);
const WRITERS = 6;
const RECORD = `mutation Record($input: RecordInteractionsInput!) { recordInteractions(input: $input) { accepted duplicates rejected { code } } }`;

jest.setTimeout(KILLS * 15_000 + 60_000);

it(`keeps every acknowledged event through ${KILLS} kills at random moments`, async () => {
  await withFolder(async (folder) => {
    const random = seededRandom(20261122);
    const acknowledged = new Set<string>();
    let next = 0;
    let unanswered: string[] = [];
    for (let round = 0; round < KILLS; round++) {
      const server = await startProcess(folder, { CHECKPOINT_EVERY: '40' });
      let alive = true;
      const failed: string[] = [];
      const record = async (ids: string[]): Promise<void> => {
        const interactions = ids.map((id) => ({
          id,
          userId: `user-${id.length}-${id.at(-1)}`,
          itemId: `item-${id.at(-1)}`,
        }));
        const answer = await ask(server.url, RECORD, { input: { interactions } }).catch(() => null);
        if (answer?.data == null) failed.push(...ids);
        else ids.forEach((id) => acknowledged.add(id));
      };
      // What was under way at the last kill is sent again with the same ids, as a client would.
      const again = unanswered;
      const writers = Array.from({ length: WRITERS }, async (_, writer) => {
        if (writer === 0 && again.length > 0) await record(again);
        while (alive) await record(Array.from({ length: 1 + random.below(5) }, () => `event-${next++}`));
      });
      await delay(20 + random.below(400));
      await server.kill('SIGKILL');
      alive = false;
      await Promise.all(writers);
      unanswered = failed;
      await check(folder, acknowledged);
    }
    expect(acknowledged.size).toBeGreaterThan(KILLS);
  });
});

async function check(folder: string, acknowledged: ReadonlySet<string>): Promise<void> {
  const log = openLmdbLog({ folder: join(folder, 'log'), readOnly: true });
  const entries: readonly LogEntry[] = await log.read(0, 1_000_000);
  const ids = entries.map(({ event }) => (event as { id: string }).id);
  const stored = new Set(ids);
  expect(ids).toHaveLength(stored.size);
  expect([...acknowledged].filter((id) => !stored.has(id))).toEqual([]);
  expect(entries.map(({ position }) => position)).toEqual(ids.map((_, index) => index + 1));
  const options = { log, settings: DEFAULT_STATE_SETTINGS, records: new MemoryUserRecords() };
  const resumed = await Follower.open({
    ...options,
    checkpoints: new FilesCheckpointStore(join(folder, 'checkpoints')),
  });
  const folded = await Follower.open({ ...options, checkpoints: null });
  expect(stateHash(resumed.state)).toBe(stateHash(folded.state));
  await log.close();
}
