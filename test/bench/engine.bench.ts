/**
 * The engine alone over an imported data folder: for warm users with ten clicks, time of one list and of each stage.
 * With a folder of snapshots the one in use takes part, and the cost of explaining ten items is told.
 * node --require ./test/support/register-swc.cjs test/bench/engine.bench.ts DATA [SNAPSHOTS]
 */
import { join } from 'node:path';
import { FilesSnapshotStore } from '../../src/artifacts/files-snapshot-store.js';
import { explain } from '../../src/engine/explain.js';
import { createEngine } from '../../src/engine/recommend.js';
import { type Slate } from '../../src/engine/slate.js';
import { type Snapshot } from '../../src/engine/snapshot.js';
import { snapshotOf } from '../../src/engine/snapshot-files.js';
import { openLmdbLog } from '../../src/events/lmdb-log.js';
import { MemoryUserRecords } from '../../src/profiles/memory-user-records.js';
import { FilesCheckpointStore } from '../../src/state/files-checkpoint-store.js';
import { Follower } from '../../src/state/follower.js';
import { type LiveState } from '../../src/state/live-state.js';
import { DEFAULT_STATE_SETTINGS } from '../../src/state/state-settings.js';
import { queryOf } from '../support/query.js';

const HISTORY = 10;
const ROUNDS = 5;
const EXPLAINED = 10;
const DAY_MS = 86_400_000;

function warmUsers(state: LiveState): string[] {
  const users: string[] = [];
  for (let index = 0; index < state.users.indexes && users.length < 1_000; index++) {
    const { length, at } = state.users.history(index);
    const userId = state.users.idOf(index);
    if (userId !== null && length === HISTORY && at[HISTORY - 1]! > state.latestAt - DAY_MS) users.push(userId);
  }
  return users;
}

function quantile(values: number[], part: number): string {
  return values.sort((a, b) => a - b)[Math.floor((values.length - 1) * part)]!.toFixed(3);
}

/** The snapshot in use, as a server reads it; null where no folder is given. */
async function snapshotIn(folder: string | undefined): Promise<Snapshot | null> {
  if (folder === undefined) return null;
  const store = new FilesSnapshotStore(folder);
  const id = await store.current();
  return id === null ? null : snapshotOf(await store.read(id));
}

async function main(folder: string, snapshots: string | undefined): Promise<void> {
  const snapshot = await snapshotIn(snapshots);
  const log = openLmdbLog({ folder: join(folder, 'log'), readOnly: true });
  const from = performance.now();
  const { state } = await Follower.open({
    log,
    records: new MemoryUserRecords(),
    settings: DEFAULT_STATE_SETTINGS,
    checkpoints: new FilesCheckpointStore(join(folder, 'checkpoints')),
  });
  console.log(
    `state at ${state.position} in ${Math.round(performance.now() - from)} ms, resident ${Math.round(process.memoryUsage().rss / 1e6)} MB`,
  );
  const engine = createEngine({ clock: () => performance.now() });
  const users = warmUsers(state);
  const totals: number[] = [];
  /** Of the last round: explained after all lists, for what explains takes the cache that lists live in. */
  const kept: Slate[] = [];
  const stages = new Map<string, number[]>();
  let candidates = 0;
  for (let round = 0; round <= ROUNDS; round++) {
    for (const userId of users) {
      const history = state.users.read([userId], state.position)[0]!.history;
      const context = state.contexts.context(history.context[HISTORY - 1]!);
      const start = performance.now();
      const [slate] = engine.recommend([queryOf({ userId, context, now: state.latestAt + 1_000 })], state, snapshot);
      const took = performance.now() - start;
      if (slate instanceof Error) throw slate;
      if (round === 0) continue; // the compiler's own time
      totals.push(took);
      if (round === ROUNDS) kept.push(slate!);
      for (const { stage, durationMs, candidatesIn } of slate!.trace.stages) {
        if (!stages.has(stage)) stages.set(stage, []);
        stages.get(stage)!.push(durationMs);
        if (stage === 'FILTERS') candidates += candidatesIn;
      }
    }
  }
  console.log(
    `${users.length} users with ${HISTORY} clicks, ${ROUNDS} rounds, ${Math.round(candidates / totals.length)} candidates each`,
  );
  console.log(`list: p50 ${quantile(totals, 0.5)} ms, p99 ${quantile(totals, 0.99)} ms`);
  const model = snapshot?.ranker ?? null;
  if (model !== null) {
    const explained = kept.map((slate) => {
      const began = performance.now();
      for (let index = 0; index < EXPLAINED; index++) explain(slate, index, state, model);
      return performance.now() - began;
    });
    const cost = `p50 ${quantile(explained, 0.5)} ms, p99 ${quantile(explained, 0.99)} ms`;
    console.log(`features and explanation of ${EXPLAINED} items: ${cost}`);
  }
  for (const [stage, values] of stages)
    console.log(`  ${stage}: p50 ${quantile(values, 0.5)} ms, p99 ${quantile(values, 0.99)} ms`);
  await log.close();
}

void main(process.argv[2] ?? 'data', process.argv[3]);
