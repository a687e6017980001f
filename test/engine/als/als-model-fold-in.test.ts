import { AlsModel, type AlsParts } from '../../../src/engine/als/als-model.js';
import { type LiveState } from '../../../src/state/live-state.js';
import { AlsWorkers } from '../../../src/training/als/als-workers.js';
import { blockEvents, fittedParts, itemId, withheldOf } from '../../support/als-state.js';
import { click, NOON, stateOf } from '../../support/state.js';

const workers = new AlsWorkers(2);
afterAll(() => workers.close());

let parts: AlsParts;
beforeAll(async () => (parts = await fittedParts(blockEvents(), workers)));

function foldIn(model: AlsModel, state: LiveState, user: string): Float32Array | null {
  const [view] = state.users.read([user], state.position);
  return model.foldIn(view!.history, state.items);
}

const item = (id: string) => ({ kind: 'item', itemId: id, at: NOON }) as const;

describe('AlsModel', () => {
  it('knows an item by its id, in whatever order the catalogue came', () => {
    const model = new AlsModel(parts);
    const inOrder = stateOf(blockEvents());
    const ids = [...new Set(parts.itemIds)].toReversed();
    const reversed = stateOf([item('born since'), ...ids.map(item), ...blockEvents()]);
    const vector = foldIn(model, inOrder, 'u0')!;
    expect(foldIn(model, reversed, 'u0')).toEqual(vector);
    for (const state of [inOrder, reversed]) {
      parts.itemIds.forEach((id, row) => {
        expect(state.items.id(model.alignedWith(state.items).itemOf[row]!)).toBe(id);
        expect(model.alignedWith(state.items).rowOf[state.items.find(id)]).toBe(row);
      });
    }
  });

  it('takes in a catalogue that grows, item by item, and folds in the same as before', () => {
    const model = new AlsModel(parts);
    const state = stateOf(blockEvents().slice(0, 5));
    const vector = foldIn(model, state, 'u0');
    const known = (): number => model.alignedWith(state.items).itemOf.filter((index) => index !== -1).length;
    expect(known()).toBe(state.items.count);
    for (let at = 0; at < 300; at++) {
      state.apply(item(`born ${at}`), state.position + 1);
      expect(model.alignedWith(state.items).rowOf[state.items.find(`born ${at}`)]).toBe(-1);
    }
    state.apply(item(itemId(29)), state.position + 1);
    expect(model.alignedWith(state.items).rowOf[state.items.find(itemId(29))]).toBe(parts.itemIds.indexOf(itemId(29)));
    expect(known()).toBe(6);
    expect(foldIn(model, state, 'u0')).toEqual(vector);
  });

  it('has no vector for a reader of nothing that it knows', () => {
    const model = new AlsModel(parts);
    const state = stateOf([click('u', 'born since', 0), click('v', itemId(3), 0, { type: 'DISLIKE' })]);
    expect(foldIn(model, state, 'u')).toBeNull();
    expect(foldIn(model, state, 'v')).toBeNull();
  });

  it('moves with a click on what it knows at once, not with one on what was born since', () => {
    const model = new AlsModel(parts);
    const state = stateOf(blockEvents());
    const before = foldIn(model, state, 'u0')!;
    state.apply(click('u0', 'born since', 200), state.position + 1);
    expect(foldIn(model, state, 'u0')).toEqual(before);
    const row = parts.itemIds.indexOf(itemId(12));
    const scoreBefore = model.scores(before)[row]!;
    state.apply(click('u0', itemId(12), 201), state.position + 1);
    expect(model.scores(foldIn(model, state, 'u0')!)[row]!).toBeGreaterThan(scoreBefore + 0.1);
  });

  it('scores each row with the dot product of its vector', () => {
    const model = new AlsModel(parts);
    const vector = foldIn(model, stateOf(blockEvents()), 'u7')!;
    const scores = model.scores(vector);
    expect(scores).toHaveLength(parts.itemIds.length);
    scores.forEach((score, row) => {
      const exact = vector.reduce((sum, value, at) => sum + value * parts.factors[row * parts.width + at]!, 0);
      expect(score).toBeCloseTo(exact, 5);
    });
    const unread = parts.itemIds.indexOf(withheldOf(7));
    const others = parts.itemIds.flatMap((id, row) => (Number(id.slice(1)) < 6 ? [scores[row]!] : []));
    expect(scores[unread]).toBeGreaterThan(Math.max(...others));
  });
});
