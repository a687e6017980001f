import fc from 'fast-check';
import { type AlsParts } from '../../../src/engine/als/als-model.js';
import { createEngine, type Inspection } from '../../../src/engine/recommend.js';
import { BUILT_IN_SCENARIOS } from '../../../src/engine/scenario.js';
import { type Snapshot } from '../../../src/engine/snapshot.js';
import { type Retrieved } from '../../../src/engine/source.js';
import { SOURCE_NAMES } from '../../../src/engine/stage-name.js';
import { type Event } from '../../../src/events/event.js';
import { type LiveState } from '../../../src/state/live-state.js';
import { AlsWorkers } from '../../../src/training/als/als-workers.js';
import {
  BLOCKS,
  blockEvents,
  fittedParts,
  itemId,
  SIZE,
  snapshotWith,
  userId,
  withheldOf,
} from '../../support/als-state.js';
import { queryOf } from '../../support/query.js';
import { click, MINUTE, NOON, stateOf } from '../../support/state.js';

const workers = new AlsWorkers(2);
afterAll(() => workers.close());

let parts: AlsParts;
beforeAll(async () => (parts = await fittedParts(blockEvents(), workers)));

const ONLY_ALS = { POPULARITY: 0, NEWEST: 0, ITEM_NEIGHBOURS: 0, USER_NEIGHBOURS: 0, ALS: 1 };
const SCENARIO = { ...BUILT_IN_SCENARIOS[0]!, fitted: false, weights: { COLD: ONLY_ALS, WARM: ONLY_ALS } };
const NOW = NOON + 1_000 * MINUTE;

function inspected(state: LiveState, user: string, snapshot: Snapshot | null, quota = 100): Inspection {
  const scenario = { ...SCENARIO, quotas: { ...SCENARIO.quotas, ALS: quota } };
  return createEngine({ clock: () => 0 }).inspect(queryOf({ userId: user, scenario, now: NOW }), state, snapshot);
}

function retrieved(...of: Parameters<typeof inspected>): Retrieved | null {
  return inspected(...of).retrieved[SOURCE_NAMES.indexOf('ALS')]!;
}

function readBy(state: LiveState, user: string): ReadonlySet<number> {
  return new Set(state.users.history(state.users.find(user)).item);
}

describe('als', () => {
  it('puts the one item of its block that a reader has not read first on the list', () => {
    const state = stateOf(blockEvents());
    const snapshot = snapshotWith(parts);
    for (let user = 0; user < BLOCKS * SIZE; user++) {
      const { slate } = inspected(state, userId(user), snapshot);
      expect(state.items.id(slate.items[0]!)).toBe(withheldOf(user));
    }
  });

  it('gives probabilities, best first, that add up to 1 over what it retrieved, none of it read before', () => {
    const state = stateOf(blockEvents());
    const read = readBy(state, 'u0');
    const { items, score } = retrieved(state, 'u0', snapshotWith(parts))!;
    const scores = [...items].map(score);
    expect(items).toHaveLength(parts.itemIds.length - read.size);
    expect([...items].filter((item) => read.has(item))).toEqual([]);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(scores.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 9);
  });

  it('scores an item beyond its quota by the same measure, below those within', () => {
    const state = stateOf(blockEvents());
    const { items, score } = retrieved(state, 'u0', snapshotWith(parts), 3)!;
    expect(items).toHaveLength(3);
    const beyond = state.items.find(itemId(20));
    expect(score(beyond)).toBeGreaterThan(0);
    expect(score(beyond)).toBeLessThan(score(items[2]!));
  });

  it('neither retrieves nor scores an item born since, and passes over one that the catalogue lacks', () => {
    const events = blockEvents().filter((event) => event.kind !== 'interaction' || event.itemId !== itemId(1));
    const state = stateOf([...events, click('u9', 'born since', 500)]);
    const { items, score } = retrieved(state, 'u0', snapshotWith(parts))!;
    const born = state.items.find('born since');
    expect(items).not.toContain(born);
    expect(items).not.toContain(-1);
    expect(items).toHaveLength(parts.itemIds.length - 1 - readBy(state, 'u0').size);
    expect(score(born)).toBe(0);
  });

  it('retrieves what was read where the client asks for it, and nothing where all that it knows was', () => {
    const state = stateOf(blockEvents());
    const query = queryOf({ userId: 'u0', scenario: SCENARIO, now: NOW, filter: { includeSeen: true } });
    const seen = createEngine({ clock: () => 0 }).inspect(query, state, snapshotWith(parts));
    expect(seen.retrieved[SOURCE_NAMES.indexOf('ALS')]!.items).toHaveLength(parts.itemIds.length);
    const all = parts.itemIds.map((id, at) => click('everything', id, 500 + at));
    const none = retrieved(stateOf([...blockEvents(), ...all]), 'everything', snapshotWith(parts))!;
    expect(none.items).toHaveLength(0);
  });

  it('retrieves nothing for a reader who has read nothing that it knows', () => {
    const state = stateOf([...blockEvents(), click('new', 'born since', 500)]);
    expect(retrieved(state, 'new', snapshotWith(parts))!.items).toHaveLength(0);
    expect(retrieved(state, 'nobody', snapshotWith(parts))!.items).toHaveLength(0);
  });

  it('gives finite probabilities, at most 1 in all, whatever was read, is unavailable, or is asked for', () => {
    const read = fc.uniqueArray(fc.nat(BLOCKS * SIZE + 3), { maxLength: BLOCKS * SIZE + 4 });
    const gone = fc.uniqueArray(fc.nat(BLOCKS * SIZE - 1), { maxLength: BLOCKS * SIZE });
    fc.assert(
      fc.property(read, gone, fc.integer({ min: 1, max: 40 }), (items, unavailable, quota) => {
        const state = stateOf([
          ...blockEvents(),
          ...unavailable.map((item): Event => ({ kind: 'item', itemId: itemId(item), available: false, at: NOON })),
          ...items.map((item, at) => click('reader', itemId(item), 500 + at)),
        ]);
        const { items: found, score } = retrieved(state, 'reader', snapshotWith(parts), quota)!;
        const scores = Array.from({ length: state.items.count }, (_, item) => score(item));
        expect(scores.filter((one) => !(one >= 0 && Number.isFinite(one)))).toEqual([]);
        expect([...found].reduce((sum, item) => sum + score(item), 0)).toBeLessThanOrEqual(1 + 1e-9);
        const hidden = new Set([...items, ...unavailable].map((item) => state.items.find(itemId(item))));
        expect([...found].filter((item) => hidden.has(item))).toEqual([]);
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it('has no weight, and is not asked, where there are no factors', () => {
    const state = stateOf(blockEvents());
    expect(retrieved(state, 'u0', null)).toBeNull();
    expect(retrieved(state, 'u0', snapshotWith(null))).toBeNull();
    expect(inspected(state, 'u0', null).slate.asked.weights.sources.ALS).toBe(0);
    expect(inspected(state, 'u0', snapshotWith(parts)).slate.asked.weights.sources.ALS).toBe(1);
  });
});
