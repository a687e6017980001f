/**
 * Fits the blend: for each moment first the scopes and half-lives within popularity, then the sources. The objective is the
 * likelihood of what was clicked under the mixture that makes the list; weights are positive and add up to 1.
 */
import { type FittedWeights, type Moment, type MomentWeights, MOMENTS } from '../../engine/blend-weights.js';
import { type SourceWeights } from '../../engine/scenario.js';
import { SOURCE_NAMES } from '../../engine/stage-name.js';
import { type PopularityComponent } from '../../engine/sources/popularity-components.js';
import { fitGatedMixture } from '../../math/gated-mixture.js';
import { type MomentRows, type Observations, type ScopeCell } from './observations.js';

/** Moments with fewer queries keep the weights that they had. */
const LEAST_QUERIES = 200;
/** A scope below this weight costs more time than it is worth. */
const LEAST_WEIGHT = 0.01;
/** A live source keeps a say, for the world may change before the next fit; factors cost a scan, and go below this. */
const LEAST_SOURCE_WEIGHT = 0.003;

/** @param before weights of moments that were asked for too rarely to be fitted */
export function fitWeights(
  { moments, cells }: Pick<Observations, 'moments' | 'cells'>,
  before: FittedWeights,
): FittedWeights {
  const fit = (moment: Moment): MomentWeights => {
    const rows = moments[moment];
    return rows.asked - rows.missed < LEAST_QUERIES ? before[moment] : fitMoment(rows, cells);
  };
  return Object.fromEntries(MOMENTS.map((moment) => [moment, fit(moment)])) as FittedWeights;
}

function fitMoment(rows: MomentRows, cells: readonly ScopeCell[]): MomentWeights {
  const shares = Float64Array.from(rows.shares);
  const gates = Float64Array.from(rows.gates);
  const scopes = fitGatedMixture({ parts: cells.length, probabilities: shares, gates }).weights;
  const kept = withoutSmall(scopes, LEAST_WEIGHT);
  const popularity = cells.flatMap((cell, at): PopularityComponent[] =>
    kept[at] === 0 ? [] : [{ ...cell, weight: kept[at]! }],
  );

  const width = SOURCE_NAMES.length;
  const own = SOURCE_NAMES.indexOf('POPULARITY');
  const sources = Float64Array.from(rows.sources);
  for (let row = 0; row < sources.length / width; row++) {
    sources[row * width + own] = mixtureOf(kept, shares, gates, row * cells.length);
  }
  const { weights } = fitGatedMixture({ parts: width, probabilities: sources, gates: null });
  const worth = withFloor(weights);
  return {
    popularity,
    sources: Object.fromEntries(SOURCE_NAMES.map((name, at) => [name, worth[at]!])) as SourceWeights,
  };
}

/** The sources' weights, the live ones not below the least, factors at 0 below it; adding up to 1 again. */
function withFloor(weights: Float64Array): Float64Array {
  const kept = weights.map((weight, at) => {
    if (weight >= LEAST_SOURCE_WEIGHT) return weight;
    return SOURCE_NAMES[at] === 'ALS' ? 0 : LEAST_SOURCE_WEIGHT;
  });
  const sum = kept.reduce((total, weight) => total + weight, 0);
  return kept.map((weight) => weight / sum);
}

/** The weights with those below the limit at 0, adding up to 1 again; all of them where there are so many that none reaches it. */
function withoutSmall(weights: Float64Array, least: number): Float64Array {
  const kept = weights.map((weight) => (weight < least ? 0 : weight));
  const sum = kept.reduce((total, weight) => total + weight, 0);
  return sum === 0 ? weights : kept.map((weight) => weight / sum);
}

/** What popularity would have given, with these weights. */
function mixtureOf(weights: Float64Array, shares: Float64Array, gates: Float64Array, start: number): number {
  let mass = 0;
  let speaking = 0;
  for (let cell = 0; cell < weights.length; cell++) {
    const gated = weights[cell]! * gates[start + cell]!;
    mass += gated * shares[start + cell]!;
    speaking += gated;
  }
  return speaking > 0 ? mass / speaking : 0;
}
