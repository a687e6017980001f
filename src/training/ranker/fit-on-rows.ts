/**
 * A ranker from rows on disk, in three fits: a short one on part of the queries tells which features carry anything, the
 * second stops where later queries no longer gain, and once it has been judged a third takes in all queries there are.
 */
import { featuresOf } from '../../engine/features/featurize.js';
import { type TreeEnsemble } from '../../engine/trees/tree-ensemble.js';
import { type TrainOptions } from '../train-options.js';
import { fitRanker } from './fit-ranker.js';
import { type RowCounts, readRows } from './row-files.js';

export interface LearnedRanker {
  readonly ensemble: TreeEnsemble;
  readonly rows: number;
  readonly queries: number;
  /** NDCG@10 on the later queries among the sampled rows, of the fit that was judged. */
  readonly validation: number;
  /** Part of all gain that each feature of the model brought, the largest first. */
  readonly importances: readonly (readonly [name: string, part: number])[];
  /** The same from the newest part of the lists, fewest first; null where it was not asked for. */
  readonly learningCurve: readonly CurvePoint[] | null;
  /** Features that were tried and left out, for they brought next to nothing. */
  readonly leftOut: readonly string[];
}

/** What a fit to so many lists reached on the later ones. */
export interface CurvePoint {
  readonly queries: number;
  readonly ndcg: number;
}

/** Queries with fewer rows to learn from tell nothing. */
const LEAST_QUERIES = 500;
/** Of the queries, the later part that tells when to stop. */
const VALIDATION_PART = 0.15;
/** Of the queries, and trees, of the fit that chooses features. */
const SCREENING_PART = 0.2;
const SCREENING_TREES = 40;
/** Of the lists, those of the learning curve. */
const CURVE_PARTS = [1 / 8, 1 / 4, 1 / 2];
/** A feature that brings less of all gain is left out; one that costs a list much time must bring more. */
const LEAST_GAIN = 0.001;
const LEAST_GAIN_OF_COSTLY = 0.01;

type Options = Pick<TrainOptions, 'ranker' | 'rankerWorkers' | 'settings' | 'seed' | 'signal' | 'onStage'>;

/** Null where there are too few queries to learn from. */
export async function fitOnRows(
  folder: string,
  { queries }: RowCounts,
  options: Options,
): Promise<LearnedRanker | null> {
  if (queries < LEAST_QUERIES) return null;
  const folders = [folder];
  const laterFrom = Math.round(queries * (1 - VALIDATION_PART));
  const { ranker, rankerWorkers: workers, signal, seed } = options;
  const settings = { ...ranker.settings, seed };
  const progress = (what: string) => (at: { readonly trees: number; readonly ndcg: number | null }) =>
    options.onStage(`${what}, ${at.trees} trees${at.ndcg === null ? '' : `, NDCG@10 ${at.ndcg.toFixed(4)}`}`);

  const sampled = await readRows({ folders, from: laterFrom - Math.round(queries * SCREENING_PART), to: laterFrom });
  const screening = { ...settings, trees: SCREENING_TREES };
  const onProgress = progress('choosing features');
  const first = await fitRanker(sampled, null, screening, { workers, signal, onProgress });
  const gains = partsOf(first.ensemble.featureNames, first.gainOf);
  const costly = new Set(featuresOf(options.settings).flatMap(({ name, isCostly }) => (isCostly ? name : [])));
  const chosen = gains
    .filter(([name, part]) => part >= (costly.has(name) ? LEAST_GAIN_OF_COSTLY : LEAST_GAIN))
    .map(([name]) => name);
  const featureNames = sampled.featureNames.filter((name) => chosen.includes(name));

  const train = await readRows({ folders, to: laterFrom, featureNames });
  const validation = await readRows({ folders, from: laterFrom, featureNames });
  const fitted = await fitRanker(train, validation, settings, {
    workers,
    signal,
    onProgress: progress('fitting the ranker'),
  });
  const ndcg = fitted.validation[fitted.trees - 1]!;
  const parts = ranker.learningCurve ? CURVE_PARTS : [];
  const curve: CurvePoint[] = [];
  for (const part of parts) {
    const from = Math.round(laterFrom * (1 - part));
    const newest = await readRows({ folders, from, to: laterFrom, featureNames });
    const onPart = progress(`learning curve, ${laterFrom - from} lists`);
    const { validation: reached, trees } = await fitRanker(newest, validation, settings, {
      workers,
      signal,
      onProgress: onPart,
    });
    curve.push({ queries: laterFrom - from, ndcg: reached[trees - 1]! });
  }
  return {
    ensemble: fitted.ensemble,
    rows: train.rows,
    queries: laterFrom,
    validation: ndcg,
    learningCurve: ranker.learningCurve ? [...curve, { queries: laterFrom, ndcg }] : null,
    importances: partsOf(featureNames, fitted.gainOf),
    leftOut: sampled.featureNames.filter((name) => !chosen.includes(name)),
  };
}

/** The same with as many trees and the same features, on all queries there are. */
export async function refitOnRows(
  folders: readonly string[],
  judged: LearnedRanker,
  { ranker, rankerWorkers: workers, signal, seed, onStage }: Options,
): Promise<LearnedRanker> {
  const { featureNames, trees } = judged.ensemble;
  const rows = await readRows({ folders, featureNames });
  const settings = { ...ranker.settings, seed, trees: trees.length };
  const onProgress = ({ trees: made }: { readonly trees: number }): void =>
    onStage(`fitting the ranker to all, ${made} of ${trees.length} trees`);
  const { ensemble, gainOf } = await fitRanker(rows, null, settings, { workers, signal, onProgress });
  const queries = rows.starts.length - 1;
  return { ...judged, ensemble, rows: rows.rows, queries, importances: partsOf(featureNames, gainOf) };
}

function partsOf(names: readonly string[], gains: Float64Array): [string, number][] {
  const sum = gains.reduce((total, gain) => total + gain, 0) || 1;
  return names.map((name, at): [string, number] => [name, gains[at]! / sum]).sort(([, a], [, b]) => b - a);
}
