/**
 * The only way a list is made. Serving calls it with the wall clock, a replay with the log's own time; the same queries,
 * state and snapshot give the same slates. The order of the stages is written here, once.
 */
import { IndexMarks } from '../math/index-marks.js';
import { topK } from '../math/top-k.js';
import { Runner } from '../pipeline/runner.js';
import { type LiveState } from '../state/live-state.js';
import { type Candidates, merge, pick, scoreCandidates } from './candidate.js';
import { backfill } from './fallbacks/backfill.js';
import { featurize } from './features/featurize.js';
import { type Filter, partition, prepareFilters } from './filter.js';
import { alreadySeen } from './filters/already-seen.js';
import { requested } from './filters/requested.js';
import { seedItems } from './filters/seed-items.js';
import { unavailable } from './filters/unavailable.js';
import { unpublished } from './filters/unpublished.js';
import { type ItemPredicate } from './item-filter.js';
import { type Query, type ResolvedQuery, resolveQueries } from './query.js';
import { type Ranker, rank } from './ranker.js';
import { blend } from './rankers/blend.js';
import { type Learned, learnedRanker, rankedPlaces, RANKER_DEPTH } from './rankers/learned.js';
import { diversify } from './rerankers/diversify.js';
import { type Ranked } from './rerankers/maximal-marginal-relevance.js';
import { assembleSlate, type Slate } from './slate.js';
import { type Snapshot } from './snapshot.js';
import { type Retrieved, retrieve, type Source, type World } from './source.js';
import { als } from './sources/als.js';
import { itemNeighbours } from './sources/item-neighbours.js';
import { newest } from './sources/newest.js';
import { popularity } from './sources/popularity.js';
import { userNeighbours } from './sources/user-neighbours.js';
import { SOURCE_NAMES } from './stage-name.js';
import { type FeatureMatrix } from './trees/tree-ensemble.js';

/** In the order of SOURCE_NAMES. */
const SOURCES: readonly Source[] = [
  popularity, // first: past the budget it is the one that must have run
  newest, // brings what nobody has clicked yet
  itemNeighbours, // what goes with the last items read
  userNeighbours, // what people alike went on to
  als, // what the reader's whole history points to, once there is a fit
];

/** The cheap and most selective first. */
const FILTERS: readonly Filter[] = [unavailable, unpublished, alreadySeen, seedItems, requested];

/** Candidates that are put in order, for each place on the slate: rerankers choose among them. */
const REACH = 2;

const AWAY = 'what is known of the user can’t be read now';

/** Orders what was retrieved; if it fails, popularity does. */
const BLEND: Ranker = blend;

export interface EngineParts {
  readonly sources: readonly Source[];
  readonly filters: readonly Filter[];
  /** Puts what was retrieved in order, and is what a learned ranker starts from. */
  readonly ranker: Ranker;
  /** Monotonic, ms: only for traces. */
  readonly clock: () => number;
}

export interface Engine {
  /** One slate a query, in their order; an Error in place of one that could not be answered. Reads state, changes nothing. */
  recommend(queries: readonly Query[], state: LiveState, snapshot: Snapshot | null): readonly (Slate | Error)[];
  /** The same for one query, with what each stage had at hand: for debugging one stage. */
  inspect(query: Query, state: LiveState, snapshot: Snapshot | null): Inspection;
}

export interface Inspection {
  readonly slate: Slate;
  /** What the filters say of any item, on the slate or not. */
  readonly keeps: ItemPredicate;
  /** What each source retrieved, unfiltered; null for one that is off or failed. */
  readonly retrieved: readonly (Retrieved | null)[];
  readonly candidates: Candidates;
  /** The blend's score of each candidate. */
  readonly scores: Float64Array;
  /** Places in the candidates, best first by those scores. */
  readonly blendOrder: Int32Array;
  /** What the learned ranker said; null where there is none, it is off or it failed. */
  readonly learned: Learned | null;
  /** Places in the candidates, best first as ranked: what diversity begins with. */
  readonly order: Int32Array;
  /** Places of the candidates that a learned ranker scores, or would score. */
  readonly rankedPlaces: Int32Array;
  /** All features of some candidates, by their places; valid until the next query. */
  readonly features: (places: Int32Array) => FeatureMatrix;
}

export function createEngine(parts: Partial<EngineParts> & Pick<EngineParts, 'clock'>): Engine {
  const engine: EngineParts = { sources: SOURCES, filters: FILTERS, ranker: BLEND, ...parts };
  const scores = Object.fromEntries(SOURCE_NAMES.map((name) => [name, new IndexMarks()]));
  const workspace = {
    candidates: new IndexMarks(),
    users: new IndexMarks(),
    scores: scores as World['workspace']['scores'],
  };
  return {
    recommend: (queries, state, snapshot) =>
      resolveQueries(queries, state, snapshot).map((query) => {
        try {
          return run(engine, query, { state, snapshot, workspace }).slate;
        } catch (error) {
          return error instanceof Error ? error : new Error(String(error));
        }
      }),
    inspect: (query, state, snapshot) =>
      run(engine, resolveQueries([query], state, snapshot)[0]!, { state, snapshot, workspace }),
  };
}

function run({ sources, filters, ranker, clock }: EngineParts, query: ResolvedQuery, world: World): Inspection {
  const { state, workspace } = world;
  const { size, startBudget } = query.query;
  const runner = new Runner(startBudget(), clock);
  if (query.isHistoryAway) runner.degrade('HISTORY', 'HISTORY_UNAVAILABLE', AWAY, 'as for a user without history');

  const retrieved = sources.map((source) => retrieve(source, query, world, runner));
  const found = merge(retrieved, state.items.count, workspace.candidates);
  const ready = prepareFilters(filters, query, world);
  const keeps: ItemPredicate = (item) => ready.every((filter) => filter.keeps(item));
  const { kept } = runner.required({
    stage: 'FILTERS',
    candidatesIn: found.length,
    run: () => partition(found, ready),
    count: (result) => result.kept.length,
    removed: (result) => result.removed,
    otherwise: { kept: new Int32Array(0), removed: [] },
    instead: 'the list is filled in',
  });
  const items = kept.map((place) => found[place]!);
  const candidates = scoreCandidates(items, retrieved, state.items.count, workspace.candidates);
  const scores = runner.required({
    stage: ranker.name,
    candidatesIn: candidates.count,
    run: () => rank(ranker, query, candidates, world),
    count: (result) => result.length,
    otherwise: candidates.scores[0]!,
    instead: 'ordered by popularity',
  });
  const blendOrder = topK(scores, candidates.count, Math.max(RANKER_DEPTH, size * REACH), items);
  const learned = learnedRanker(query, world, { candidates, blendOrder }, runner);
  const ranked = rankedBy(learned, { candidates, scores, blendOrder }, size * REACH);
  const reranked = diversify(query, world, ranked, runner);
  const placed = new Set(reranked.order.map((place) => items[place]!));
  const filled = runner.required({
    stage: 'BACKFILL',
    candidatesIn: placed.size,
    run: () => backfill(state, size - placed.size, (item) => !placed.has(item) && keeps(item)),
    count: (result) => placed.size + result.length,
    otherwise: new Int32Array(0),
    instead: 'the list is short',
  });
  const slate = assembleSlate(query, world, {
    runner,
    sources,
    retrieved,
    candidates,
    scores,
    blendOrder,
    learned,
    reranked,
    filled,
    ranker,
  });
  const { order } = ranked;
  const features = (places: Int32Array): FeatureMatrix =>
    featurize(query, pick(candidates, places), world, { isWanted: () => true, room: null });
  return {
    slate,
    keeps,
    retrieved,
    candidates,
    scores,
    blendOrder,
    learned,
    order,
    rankedPlaces: rankedPlaces(blendOrder),
    features,
  };
}

/** What rerankers begin with: the learned order, or the blend's. */
function rankedBy(
  learned: Learned | null,
  { candidates, scores, blendOrder }: { candidates: Candidates; scores: Float64Array; blendOrder: Int32Array },
  size: number,
): Ranked {
  if (learned === null) return { candidates, order: blendOrder.subarray(0, size), relevance: scores };
  const best = learned.order.subarray(0, size);
  // Differences of a ranker's scores are log odds: what it thinks of an item against the best one.
  const highest = learned.scores[best[0]!]!;
  const relevance = new Float64Array(candidates.count);
  learned.places.forEach((place, at) => (relevance[place] = Math.exp(learned.scores[at]! - highest)));
  return { candidates, order: best.map((at) => learned.places[at]!), relevance };
}
