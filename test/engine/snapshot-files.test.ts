import { type Artifacts } from '../../src/artifacts/snapshot-store.js';
import { SnapshotError } from '../../src/artifacts/snapshot-error.js';
import { encodeArray } from '../../src/artifacts/array-file.js';
import { snapshotFiles, snapshotInSteps, snapshotOf } from '../../src/engine/snapshot-files.js';
import { ensembleOf } from '../support/ensembles.js';
import { alsParts, weightsOf } from '../support/fitted.js';
import { draft } from '../support/snapshots.js';

const ID = '20171014T060000000Z-1f3a9c0e';
function artifactsOf(files: Artifacts['files']): Artifacts {
  const manifest = {
    ...draft(1),
    format: 'recograph-snapshot',
    version: 1,
    id: ID,
    tenant: 'main',
    files: [],
  } as const;
  return { manifest, files };
}

describe('snapshot files', () => {
  it('give back what was fitted, with ids of any characters', () => {
    const als = alsParts(['a', 'quote"d', 'two\nlines', 'comma,\nline', '“é”', '']);
    const parts = { weights: weightsOf(), als, ranker: null };
    const snapshot = snapshotOf(artifactsOf(snapshotFiles(parts)));
    expect(snapshot.id).toBe(ID);
    expect(snapshot.weights).toEqual(parts.weights);
    expect(snapshot.als!.parts).toEqual(parts.als);
  });

  it('hold whatever was not fitted as null, and no item at all where there is none', () => {
    expect(snapshotOf(artifactsOf(snapshotFiles({ weights: null, als: null, ranker: null })))).toMatchObject({
      weights: null,
      als: null,
    });
    const empty = snapshotOf(artifactsOf(snapshotFiles({ weights: null, als: alsParts([]), ranker: null })));
    expect(empty.als!.parts.itemIds).toEqual([]);
  });

  it('are read in many steps where there are many ids, whose file any JSON reader reads at once', () => {
    const itemIds = Array.from({ length: 150_000 }, (_, item) => `item-${item}`);
    const files = snapshotFiles({ weights: null, als: alsParts(itemIds, { width: 2 }), ranker: null });
    expect(JSON.parse(Buffer.from(files.get('als-items.json')!).toString())).toEqual(itemIds);
    const steps = snapshotInSteps(artifactsOf(files));
    let count = 0;
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) count++;
    expect(count).toBeGreaterThan(30);
    expect(step.value.als!.parts.itemIds).toEqual(itemIds);
  });

  it('are read in one piece where another writer left the line breaks out', () => {
    const itemIds = Array.from({ length: 150_000 }, (_, item) => `item-${item}`);
    const files = new Map(snapshotFiles({ weights: null, als: alsParts(itemIds, { width: 2 }), ranker: null }));
    files.set('als-items.json', Buffer.from(JSON.stringify(itemIds)));
    expect(snapshotOf(artifactsOf(files)).als!.parts.itemIds).toEqual(itemIds);
  });

  it('hold a ranker as LightGBM writes it, which is read a tree a step', () => {
    const ensemble = ensembleOf(
      Array.from({ length: 40 }, (_, at) => ({ feature: 'age', threshold: at, low: at / 7, high: -at / 3 })),
      ['share_all_3m', 'age'],
    );
    const files = snapshotFiles({ weights: null, als: null, ranker: ensemble });
    expect(Buffer.from(files.get('ranker.txt')!).toString()).toMatch(/^tree\nversion=v4\n/);
    const steps = snapshotInSteps(artifactsOf(files));
    let count = 0;
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) count++;
    expect(count).toBeGreaterThanOrEqual(40);
    expect(step.value.ranker!.ensemble).toEqual(ensemble);
  });

  it('with a damaged ranker are refused, and say what is wrong with it', () => {
    const files = new Map(snapshotFiles({ weights: null, als: null, ranker: ensembleOf([], ['age']) }));
    files.set('ranker.txt', Buffer.from('tree\nversion=v4\n'));
    expect(() => snapshotOf(artifactsOf(files))).toThrow(`snapshot ${ID} can't be used: ranker.txt: header: expected`);
  });

  it('that don’t fit together are refused with the reason', () => {
    const files = new Map(snapshotFiles({ weights: null, als: alsParts(['a', 'b']), ranker: null }));
    files.set('als-items.json', Buffer.from('["a"]'));
    const refusal = (): unknown => snapshotOf(artifactsOf(files));
    expect(refusal).toThrow(`snapshot ${ID} can't be used: 1 item ids for 2 rows of factors`);
    files.delete('als-items.array');
    expect(refusal).toThrow(`snapshot ${ID} can't be used: there is no file als-items.array`);
  });

  const FILES = ['blend-weights.json', 'als.json', 'als-items.json', 'als-items.array', 'als-gram.array'];
  const whole = (): Map<string, Uint8Array> =>
    new Map(snapshotFiles({ weights: weightsOf(), als: alsParts(['a', 'b']), ranker: null }));

  /** What a file could hold instead, and what the refusal says of it. */
  const DAMAGED: [string, Uint8Array, string][] = [
    ...FILES.map((name): [string, Uint8Array, string] => [
      name,
      Buffer.alloc(0),
      name === 'als-items.json' ? '0 item ids for 2 rows of factors' : name,
    ]),
    ...FILES.map((name): [string, Uint8Array, string] => [name, Buffer.from('damaged'), name]),
    ['blend-weights.json', Buffer.from('null'), 'blend-weights.json lacks COLD'],
    ['blend-weights.json', Buffer.from(JSON.stringify({ COLD: weightsOf().COLD })), 'lacks WARM_START'],
    ['als.json', Buffer.from('null'), 'als.json lacks ridge'],
    ['als.json', Buffer.from('{"ridge":{}}'), 'als.json lacks weights'],
    ['als-items.json', Buffer.from('["a","b","c"]'), '3 item ids for 2 rows of factors'],
    ['als-items.array', encodeArray(new Float32Array(16)), 'als-items.array: the array is float32 of rank 1'],
    ['als-items.array', encodeArray(new Float64Array(16), [2, 8]), 'als-items.array: the array is float64 of rank 2'],
    ['als-gram.array', encodeArray(new Float32Array(4), [2, 2]), 'a Gram matrix of 4 for width 8'],
    [
      'als-gram.array',
      encodeArray(new Float32Array(64), [8, 8]).subarray(0, 200),
      'als-gram.array: the array has 200 bytes',
    ],
  ];
  it.each(DAMAGED)('with a damaged %s are corrupt (%#)', (name, bytes, reason) => {
    const files = whole().set(name, bytes);
    let refusal: unknown;
    try {
      snapshotOf(artifactsOf(files));
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(SnapshotError);
    expect(refusal).toMatchObject({ code: 'SNAPSHOT_CORRUPT', message: expect.stringContaining(reason) as string });
    expect((refusal as Error).message).toContain(`snapshot ${ID} can't be used: `);
  });

  it.each(FILES.slice(2))('without %s are corrupt', (name) => {
    const files = whole();
    files.delete(name);
    expect(() => snapshotOf(artifactsOf(files))).toThrow(`there is no file ${name}`);
  });
});
