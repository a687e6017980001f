/**
 * A snapshot as files, in formats that other tools can read: weights and ids as JSON, factors as flat arrays, the ranker as
 * LightGBM writes it.
 */
import { decodeArray, type DecodedArray, encodeArray } from '../artifacts/array-file.js';
import { type Artifacts } from '../artifacts/snapshot-store.js';
import { SnapshotError } from '../artifacts/snapshot-error.js';
import { AlsModel, type AlsParts } from './als/als-model.js';
import { type FittedWeights, MOMENTS } from './blend-weights.js';
import { RankerModel } from './ranker-model.js';
import { type Snapshot } from './snapshot.js';
import { readLightgbmInSteps } from './trees/read-lightgbm.js';
import { type TreeEnsemble } from './trees/tree-ensemble.js';
import { writeLightgbm } from './trees/write-lightgbm.js';

const WEIGHTS = 'blend-weights.json';
const RANKER = 'ranker.txt';
const ALS = { settings: 'als.json', ids: 'als-items.json', factors: 'als-items.array', gram: 'als-gram.array' };

/** Of ids that are parsed at once: some 3,000 of them, about 1 ms. */
const PIECE_BYTES = 32_768;

export interface SnapshotParts {
  readonly weights: FittedWeights | null;
  readonly als: AlsParts | null;
  readonly ranker: TreeEnsemble | null;
}

export function snapshotFiles({ weights, als, ranker }: SnapshotParts): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  if (weights !== null) files.set(WEIGHTS, json(weights));
  if (ranker !== null) files.set(RANKER, Buffer.from(writeLightgbm(ranker)));
  if (als !== null) {
    const { itemIds, factors, gram, width, ridge, weights: rule } = als;
    files.set(ALS.settings, json({ ridge, weights: rule }));
    files.set(ALS.ids, jsonLines(itemIds));
    files.set(ALS.factors, encodeArray(factors, [itemIds.length, width]));
    files.set(ALS.gram, encodeArray(gram, [width, width]));
  }
  return files;
}

/**
 * The snapshot out of verified files.
 * @throws SnapshotError SNAPSHOT_CORRUPT where they don't fit together
 */
export function snapshotOf(artifacts: Artifacts): Snapshot {
  const steps = snapshotInSteps(artifacts);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** The same in steps of a few milliseconds, for a process that answers requests meanwhile. */
export function* snapshotInSteps({ manifest, files }: Artifacts): Generator<void, Snapshot> {
  const { id, createdAt, dataUntil, metrics } = manifest;
  try {
    const weights = files.has(WEIGHTS) ? checkedWeights(parse(files, WEIGHTS)) : null;
    const als = files.has(ALS.settings) ? new AlsModel(yield* alsParts(files)) : null;
    const ranker = files.has(RANKER) ? yield* rankerOf(text(files, RANKER)) : null;
    return { id, createdAt, dataUntil, metrics, weights, als, ranker };
  } catch (error) {
    const message = `snapshot ${id} can't be used: ${error instanceof Error ? error.message : String(error)}`;
    throw new SnapshotError('SNAPSHOT_CORRUPT', message, { cause: error });
  }
}

function* rankerOf(model: string): Generator<void, RankerModel> {
  try {
    const ensemble = yield* readLightgbmInSteps(model);
    yield;
    return new RankerModel(ensemble);
  } catch (error) {
    throw new Error(`${RANKER}: ${(error as Error).message}`, { cause: error });
  }
}

function* alsParts(files: Artifacts['files']): Generator<void, AlsParts> {
  const itemIds = yield* parseLines(fileOf(files, ALS.ids));
  const factors = matrix(files, ALS.factors);
  const gram = matrix(files, ALS.gram);
  const [rows, width] = factors.shape as [number, number];
  if (rows !== itemIds.length) throw new Error(`${itemIds.length} item ids for ${rows} rows of factors`);
  if (gram.values.length !== width * width)
    throw new Error(`a Gram matrix of ${gram.values.length} for width ${width}`);
  const { ridge, weights } = checkedSettings(parse(files, ALS.settings));
  return { itemIds, factors: factors.values, gram: gram.values, width, ridge, weights };
}

function matrix(files: Artifacts['files'], name: string): DecodedArray<'float32'> {
  const bytes = fileOf(files, name);
  return within(name, () => decodeArray(bytes, { type: 'float32', rank: 2, verified: true }));
}

/** What lists would trip over in the midst of traffic; the numbers themselves are the trainer's. */
function checkedWeights(weights: Partial<FittedWeights> | null): FittedWeights {
  for (const moment of MOMENTS) {
    const { sources, popularity } = weights?.[moment] ?? {};
    if (typeof sources !== 'object' || !Array.isArray(popularity)) throw new Error(`${WEIGHTS} lacks ${moment}`);
  }
  return weights as FittedWeights;
}

type AlsRules = Pick<AlsParts, 'ridge' | 'weights'>;

function checkedSettings(settings: Partial<AlsRules> | null): AlsRules {
  for (const part of ['ridge', 'weights'] as const) {
    if (typeof (settings?.[part] ?? undefined) !== 'object') throw new Error(`${ALS.settings} lacks ${part}`);
  }
  return settings as AlsRules;
}

function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

/** A JSON array of strings, one a line: so it can be parsed in pieces. */
function jsonLines(values: readonly string[]): Uint8Array {
  return Buffer.from(`[${values.map((value) => JSON.stringify(value)).join(',\n')}]`);
}

/** Written without line breaks it is read in one piece. */
function* parseLines(file: Uint8Array): Generator<void, readonly string[]> {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const values: string[] = [];
  for (let from = 0; from < bytes.length;) {
    const lineBreak = bytes.indexOf(',\n', from + PIECE_BYTES);
    const to = lineBreak === -1 ? bytes.length : lineBreak;
    const opening = from === 0 ? '' : '[';
    const closing = lineBreak === -1 ? '' : ']';
    const text = `${opening}${bytes.toString('utf8', from, to)}${closing}`;
    const piece = within(ALS.ids, () => JSON.parse(text) as string[]);
    for (const value of piece) values.push(value);
    from = to + ',\n'.length;
    yield;
  }
  return values;
}

function parse<Value>(files: Artifacts['files'], name: string): Value {
  return within(name, () => JSON.parse(text(files, name)) as Value);
}

function text(files: Artifacts['files'], name: string): string {
  return Buffer.from(fileOf(files, name)).toString();
}

/** What goes wrong in there is told with the file's name. */
function within<Value>(name: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
  }
}

function fileOf(files: Artifacts['files'], name: string): Uint8Array {
  const file = files.get(name);
  if (file === undefined) throw new Error(`there is no file ${name}`);
  return file;
}
