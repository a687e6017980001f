/** A slate: one list as it was made, with what each stage said of every item on it. It is stored, and pages are read from it. */
import { type Context } from '../events/event.js';
import { type Position } from '../events/log.js';
import { type Runner } from '../pipeline/runner.js';
import { type Degradation, type StageTrace } from '../pipeline/trace.js';
import { type Candidates } from './candidate.js';
import { type Query, type ResolvedQuery } from './query.js';
import { type Ranker, rank } from './ranker.js';
import { type Learned } from './rankers/learned.js';
import { type Reranked } from './rerankers/maximal-marginal-relevance.js';
import { type Segment } from './scenario.js';
import { type Snapshot, type SnapshotLabel } from './snapshot.js';
import { type Retrieved, type Source, type World } from './source.js';
import { type SourceName } from './stage-name.js';
import { type FeatureMatrix } from './trees/tree-ensemble.js';

/** Items that a slate holds, whatever part of it a client asks for. */
export const SLATE_SIZE = 100;

export interface Slate {
  readonly id: string;
  /** Time of the query, ms. */
  readonly createdAt: number;
  readonly segment: Segment;
  readonly context: Context;
  readonly snapshot: SnapshotLabel | null;
  readonly degradations: readonly Degradation[];
  readonly trace: SlateTrace;
  readonly asked: Asked;
  /** Item indexes by rank, and in the same order what was said of them. */
  readonly items: Int32Array;
  readonly scores: Float64Array;
  /** Sources that took part. */
  readonly sources: readonly SlateSource[];
  /** The blend's score: what the list was ordered by, unless a ranker did. */
  readonly blend: Float64Array;
  /** Rank by the blend alone, from 1; 0 for what was filled in after. */
  readonly blendRanks: Int32Array;
  /** What the learned ranker's scores were made of; null where the blend made the order. */
  readonly ranker: SlateRanker | null;
  /** Marginal relevance; empty where it was not asked, NaN below the ranks that it decided. */
  readonly diversity: Float64Array;
  /** From this index on the list was filled in. */
  readonly backfilledFrom: number;
}

/** What the query was resolved to, as data: without views into state and without what only the run needed. */
export interface Asked extends Omit<ResolvedQuery, 'history' | 'query'> {
  readonly query: Omit<Query, 'startBudget'>;
}

export interface SlateSource {
  readonly name: SourceName;
  readonly weight: number;
  readonly scores: Float64Array;
  /** Rank among what the source retrieved, from 1; 0 where it did not. */
  readonly ranks: Int32Array;
}

export interface SlateRanker {
  /** Rank by the ranker alone, from 1; 0 for what was filled in after. */
  readonly ranks: Int32Array;
  /** The model's features, item by item: items x width. */
  readonly features: Float32Array;
}

export interface SlateTrace {
  readonly stages: readonly StageTrace[];
  readonly totalMs: number;
  readonly logPosition: Position;
}

interface Parts {
  readonly runner: Runner;
  readonly sources: readonly Source[];
  readonly retrieved: readonly (Retrieved | null)[];
  readonly candidates: Candidates;
  /** The blend's scores, by place in the candidates, and the places in their order. */
  readonly scores: Float64Array;
  readonly blendOrder: Int32Array;
  readonly learned: Learned | null;
  readonly reranked: Reranked;
  readonly filled: Int32Array;
  readonly ranker: Ranker;
}

/** The slate out of what the stages left: the reranked candidates, then what was filled in, scored like the others. */
export function assembleSlate(query: ResolvedQuery, world: World, parts: Parts): Slate {
  const { runner, candidates, scores, blendOrder, reranked, filled } = parts;
  const { history, ...resolved } = query;
  const { startBudget, ...asked } = query.query;
  const places = Int32Array.from(reranked.order);
  const length = places.length + filled.length;
  const extra = scoreFilled(query, world, parts);
  const rankOf = new Int32Array(candidates.count);
  blendOrder.forEach((place, at) => (rankOf[place] = at + 1));
  const learned = learnedPart(query, world, { places, filled: extra.candidates, learned: parts.learned });
  const joined = (column: ArrayLike<number>, rest: ArrayLike<number>): Float64Array => {
    const values = new Float64Array(length);
    places.forEach((place, at) => (values[at] = column[place]!));
    values.set(rest, places.length);
    return values;
  };
  const nothing = new Int32Array(filled.length);
  return {
    id: query.query.id,
    createdAt: query.query.now,
    segment: query.segment,
    context: query.context,
    snapshot: labelOf(world.snapshot),
    degradations: runner.degradations,
    trace: { stages: runner.stages, totalMs: runner.totalMs, logPosition: world.state.position },
    asked: { ...resolved, query: asked },
    items: Int32Array.from(joined(candidates.items, filled)),
    scores: learned?.scores ?? joined(scores, extra.scores),
    blend: joined(scores, extra.scores),
    ranker: learned?.ranker ?? null,
    sources: parts.sources.flatMap(({ name }, at) =>
      parts.retrieved[at] === null
        ? []
        : {
            name,
            weight: query.weights.sources[name],
            scores: joined(candidates.scores[at]!, extra.candidates.scores[at]!),
            ranks: Int32Array.from(joined(candidates.ranks[at]!, nothing)),
          },
    ),
    blendRanks: Int32Array.from(joined(rankOf, nothing)),
    diversity: diversityColumn(reranked, length),
    backfilledFrom: places.length,
  };
}

/** Scores and features of the slate's items: the candidates', then of what was filled in, which is ranked apart. */
function learnedPart(
  query: ResolvedQuery,
  world: World,
  { places, filled, learned }: { places: Int32Array; filled: Candidates; learned: Learned | null },
): { readonly scores: Float64Array; readonly ranker: SlateRanker } | null {
  if (learned === null) return null;
  const extra = filled.count === 0 ? null : learned.model.rank(query, filled, world);
  const { width } = learned.features;
  const length = places.length + filled.count;
  const scores = new Float64Array(length);
  const features = new Float32Array(length * width);
  const ranks = new Int32Array(length);
  const rowOf = new Map(Array.from(learned.places, (place, row) => [place, row]));
  const rankOf = new Int32Array(learned.places.length);
  learned.order.forEach((row, at) => (rankOf[row] = at + 1));
  const copy = (from: FeatureMatrix, row: number, to: number): void => {
    for (let column = 0; column < width; column++)
      features[to * width + column] = from.values[column * from.rows + row]!;
  };
  places.forEach((place, at) => {
    const row = rowOf.get(place)!;
    scores[at] = learned.scores[row]!;
    ranks[at] = rankOf[row]!;
    copy(learned.features, row, at);
  });
  for (let row = 0; extra !== null && row < filled.count; row++) {
    scores[places.length + row] = extra.scores[row]!;
    copy(extra.features, row, places.length + row);
  }
  return { scores, ranker: { ranks, features } };
}

function labelOf(snapshot: Snapshot | null): SnapshotLabel | null {
  if (snapshot === null) return null;
  const { id, createdAt, dataUntil, metrics } = snapshot;
  return { id, createdAt, dataUntil, metrics };
}

/** What the sources and the ranker say of the items that none of them retrieved. */
function scoreFilled(
  query: ResolvedQuery,
  world: World,
  { retrieved, filled, ranker }: Parts,
): { candidates: Candidates; scores: Float64Array } {
  const scores = retrieved.map((source) =>
    source === null ? new Float64Array(filled.length) : Float64Array.from(filled, source.score),
  );
  const ranks = retrieved.map(() => new Int32Array(filled.length));
  const candidates = { count: filled.length, items: filled, scores, ranks };
  try {
    return { candidates, scores: rank(ranker, query, candidates, world) };
  } catch {
    // The ranker has failed for the candidates too, and the slate says so.
    return { candidates, scores: new Float64Array(filled.length) };
  }
}

function diversityColumn({ order, scores }: Reranked, length: number): Float64Array {
  if (scores === null) return new Float64Array(0);
  const column = new Float64Array(length).fill(NaN);
  order.forEach((place, at) => (column[at] = scores.get(place) ?? NaN));
  return column;
}
