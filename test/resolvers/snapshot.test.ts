import { AlsModel } from '../../src/engine/als/als-model.js';
import { type Snapshot } from '../../src/engine/snapshot.js';
import { alsParts, weightsOf } from '../support/fitted.js';
import { testGateway } from '../support/gateway.js';
import { click, NOON } from '../support/state.js';

const EVENTS = Array.from({ length: 20 }, (_, user) =>
  [0, 1, 2].map((step) => click(`u${user}`, `i${(user + step * step) % 10}`, user + step)),
).flat();
const ITEMS = Array.from({ length: 10 }, (_, item) => `i${item}`);

function snapshotOf(id: string): Snapshot {
  const als = new AlsModel(alsParts(ITEMS, { seed: id.length }));
  return { id, createdAt: NOON, dataUntil: NOON, metrics: { hr: 0.5 }, weights: weightsOf(), als, ranker: null };
}

const NESTED = `query {
  snapshot { id }
  a: recommendations(userId: "u1", first: 3) { snapshot { id } nodes { item { similar(first: 2) { snapshot { id } nodes { item { similar(first: 2) { snapshot { id } } } } } } } }
  b: recommendations(userId: "u2", scenario: "diverse", first: 3) { snapshot { id } nodes { item { similar(first: 2) { snapshot { id } } } } }
  popularItems(first: 2) { snapshot { id } }
}`;
const RECORD = `mutation { recordInteractions(input: { interactions: [{ userId: "u1", itemId: "i9" }] }) {
  users { recommendations(first: 2) { snapshot { id } nodes { item { similar(first: 2) { snapshot { id } } } } } }
} }`;

/** The ids of all snapshots in an answer. */
function idsIn(answer: object): string[] {
  return [...JSON.stringify(answer).matchAll(/"snapshot":\{"id":"([^"]*)"\}/g)].map(([, id]) => id!);
}

describe('one operation', () => {
  it.each([
    ['a query with three levels of lists', NESTED, 3],
    ['a mutation and what it asks for after', RECORD, 2],
  ])('sees one snapshot even where another is put into use between its batches: %s', async (_name, query, batches) => {
    const test = await testGateway(EVENTS);
    test.snapshots.snapshot = snapshotOf('first');
    const recommend = test.engine.recommend.bind(test.engine);
    let swaps = 0;
    jest.spyOn(test.engine, 'recommend').mockImplementation((...batch) => {
      const slates = recommend(...batch);
      test.snapshots.snapshot = snapshotOf(`swap-${++swaps}`);
      return slates;
    });
    const { data, errors } = await test.execute(query);
    expect(errors).toBeUndefined();
    expect(swaps).toBe(batches);
    expect(idsIn(data).length).toBeGreaterThan(batches);
    expect(new Set(idsIn(data))).toEqual(new Set(['first']));
    const after = await test.execute('{ snapshot { id } }');
    expect(after.data.snapshot.id).toBe(`swap-${batches}`);
  });

  it('shows stages of the snapshot that it began with', async () => {
    const test = await testGateway(EVENTS);
    test.snapshots.snapshot = snapshotOf('first');
    const inspect = test.engine.inspect.bind(test.engine);
    const seen: (string | undefined)[] = [];
    jest.spyOn(test.engine, 'inspect').mockImplementation((query, state, snapshot) => {
      seen.push(snapshot?.id);
      test.snapshots.snapshot = null;
      return inspect(query, state, snapshot);
    });
    const stage = 'stage(name: ALS, first: 5) { item { id } score }';
    const { data } = await test.execute(`{ user(id: "u1") { before: ${stage} after: ${stage} } }`);
    expect(seen).toEqual(['first', 'first']);
    expect(data.user.before.length).toBeGreaterThan(0);
    expect(data.user.after).toEqual(data.user.before);
  });

  it('without any snapshot says null', async () => {
    const { execute } = await testGateway(EVENTS);
    const { data } = await execute('{ snapshot { id } recommendations(userId: "u1") { snapshot { id } } }');
    expect(data).toEqual({ snapshot: null, recommendations: { snapshot: null } });
  });
});
