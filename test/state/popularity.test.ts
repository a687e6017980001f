import { type Context } from '../../src/events/event.js';
import { stateHash } from '../../src/state/checkpoint.js';
import { Contexts } from '../../src/state/contexts.js';
import { Popularity } from '../../src/state/popularity.js';
import { FIRST_CLICK, LATER_CLICK, type SessionPlace } from '../../src/state/scope.js';
import { DEFAULT_STATE_SETTINGS, type StateBounds } from '../../src/state/state-settings.js';
import { reloaded } from '../support/saved.js';

const SCOPES = ['all', 'region', 'region+position'];
const [ALL, REGION, REGION_AND_PLACE] = [0, 1, 2];
const HALF_LIFE = 1_000;
const A = 1;
const B = 2;

/** Popularity and its contexts, in which one can click. */
class World {
  readonly settings;
  readonly contexts;
  readonly popularity;

  constructor(bounds: Partial<StateBounds> = {}, contexts = new Contexts()) {
    const all = { ...DEFAULT_STATE_SETTINGS.bounds, ...bounds };
    this.settings = { ...DEFAULT_STATE_SETTINGS, scopes: SCOPES, halfLivesMs: [HALF_LIFE, 10_000], bounds: all };
    this.contexts = contexts;
    this.popularity = new Popularity(this.settings, contexts);
  }

  click(item: number, context: Context = {}, at = 0, place: SessionPlace = FIRST_CLICK): this {
    this.popularity.add(item, 1, at, this.contexts.intern(context), place);
    return this;
  }

  /** Share of the item by scope; null where nothing has been counted in it. */
  shares(item: number, context: Context, place: SessionPlace = FIRST_CLICK): (number | null)[] {
    const tables = this.popularity.lookup(this.contexts.codes(context), place);
    return tables.map((table) => table?.share(item, 0) ?? null);
  }
}

describe('Popularity', () => {
  it('counts a click in every scope that its context and place have a value for', () => {
    const world = new World().click(A, { region: 'n' }).click(B, { region: 's' }).click(B, {});
    expect(world.shares(A, { region: 'n' })).toEqual([expect.closeTo(1 / 3), 1, 1]);
    expect(world.shares(A, { region: 's' })).toEqual([expect.closeTo(1 / 3), 0, 0]);
    expect(world.shares(A, { region: 'n' }, LATER_CLICK)).toEqual([expect.closeTo(1 / 3), 1, null]);
  });

  it('has nothing where nothing was counted, and looking changes nothing', () => {
    const world = new World();
    expect(world.popularity.global).toBeNull();
    expect(world.shares(A, { region: 'n' })).toEqual([null, null, null]);
    world.click(A);
    const before = stateHash(world.popularity);
    expect(world.shares(A, { region: 'never' })).toEqual([1, null, null]);
    expect(stateHash(world.popularity)).toBe(before);
  });

  it('lets a share shrink by half a half-life while another item is clicked', () => {
    const world = new World().click(A, {}, 0).click(B, {}, HALF_LIFE);
    expect(world.shares(A, {})[ALL]).toBeCloseTo(1 / 3, 9);
    expect(world.popularity.global!.evidence(0, HALF_LIFE)).toBeCloseTo(1.5, 9);
    expect(world.popularity.global!.evidence(0, 2 * HALF_LIFE)).toBeCloseTo(0.75, 9);
  });

  it('gives the same shares in whatever order clicks come', () => {
    const clicks = Array.from(
      { length: 40 },
      (_, at) => [at % 5, { region: `r${at % 3}` }, (at * 370) % 9_000] as const,
    );
    const [inOrder, late] = [new World(), new World()];
    for (const one of [...clicks].sort((a, b) => a[2] - b[2])) inOrder.click(...one);
    for (const one of clicks) late.click(...one);
    for (let item = 0; item < 5; item++) {
      const expected = inOrder.shares(item, { region: 'r1' }).map((share) => expect.closeTo(share!, 9) as number);
      expect(late.shares(item, { region: 'r1' })).toEqual(expected);
    }
  });

  it('takes a click back in all its scopes', () => {
    const world = new World().click(A, { region: 'n' }).click(B, { region: 'n' });
    world.popularity.subtract(B, 1, 0, world.contexts.intern({ region: 'n' }), FIRST_CLICK);
    expect(world.shares(A, { region: 'n' })).toEqual([1, 1, 1].map((share) => expect.closeTo(share, 6) as number));
    expect(world.shares(B, { region: 'n' })).toEqual([0, 0, 0]);
  });

  it('counts the values beyond the bound of a scope together, never with those before', () => {
    const world = new World({ scopeValues: 2 });
    for (const region of ['r1', 'r2', 'r3', 'r4', 'r1']) world.click(region === 'r4' ? B : A, { region });
    expect(world.shares(B, { region: 'r1' })[REGION]).toBe(0);
    expect(world.shares(B, { region: 'r2' })[REGION_AND_PLACE]).toBe(0);
    expect(world.shares(B, { region: 'r3' })[REGION]).toBeCloseTo(1 / 2);
    expect(world.shares(B, { region: 'r4' })[REGION]).toBeCloseTo(1 / 2);
  });

  it('holds 32 times as many items of all clicks as of one value of a scope', () => {
    const world = new World({ scopeItems: 16, list: 1 });
    for (let item = 0; item < 32 * 16; item++) world.click(item, { region: 'n' });
    const counted = [0, 0];
    for (let item = 0; item < 32 * 16; item++) {
      world.shares(item, { region: 'n' }).forEach((share, scope) => share! > 0 && scope < 2 && counted[scope]!++);
    }
    expect(counted[ALL]).toBe(32 * 16);
    expect(counted[REGION]).toBeLessThanOrEqual(16);
  });

  it('goes on after it was saved and read back as if it had not been', () => {
    const world = new World({ scopeValues: 2 });
    for (const region of ['r1', 'r2', 'r3']) world.click(A, { region }, 100, LATER_CLICK);
    const read = new World({ scopeValues: 2 }, reloaded(world.contexts, new Contexts()));
    reloaded(world.popularity, read.popularity);
    expect(stateHash(read.popularity)).toBe(stateHash(world.popularity));
    for (const one of [world, read]) one.click(B, { region: 'r3' }, 200).click(B, { region: 'r4' }, 50, LATER_CLICK);
    expect(read.shares(A, { region: 'r4' }, LATER_CLICK)).toEqual(world.shares(A, { region: 'r4' }, LATER_CLICK));
    expect(stateHash(read.popularity)).toBe(stateHash(world.popularity));
  });
});
