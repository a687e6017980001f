/**
 * What one replayed query is judged on: the list that would be served, what the ranker and the blend had put in order, each
 * source alone as it retrieved, and the blend with one source taken out. All come from the one run of the engine.
 */
import { type Inspection } from '../engine/recommend.js';
import { type Scenario, type SourceWeights } from '../engine/scenario.js';
import { type SourceName, SOURCE_NAMES } from '../engine/stage-name.js';
import { topK } from '../math/top-k.js';
import { type Answered } from '../replay/replay.js';

/** `ITEM_NEIGHBOURS` is `itemNeighbours` in reports. */
export function systemName(source: SourceName): string {
  return source.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Systems of the engine, in the order in which `engineLists` gives their lists. */
export const ENGINE_SYSTEMS: readonly string[] = ['ensemble', 'ranker', 'blend', ...SOURCE_NAMES.map(systemName)];

/** A list, or null of a system that was not asked for one. */
export type SystemList = ArrayLike<number> | null;

/** The first k of each: as served, by the ranker, by the blend, and by each source alone. */
export function engineLists({ inspection }: Answered, k: number): SystemList[] {
  const { slate, candidates, order, blendOrder, learned, retrieved } = inspection;
  const items = (places: Int32Array): Int32Array => places.map((place) => candidates.items[place]!);
  const alone = candidates.ranks.map((ranks, source) =>
    retrieved[source] === null ? null : items(firstRetrieved(ranks, k)),
  );
  const ranked = learned === null ? null : items(order.slice(0, k));
  return [slate.items.subarray(0, k), ranked, items(blendOrder.slice(0, k)), ...alone];
}

/** Places of the first k candidates that a source retrieved, in its own order. */
function firstRetrieved(ranks: Int32Array, k: number): Int32Array {
  const scores = Float64Array.from(ranks, (rank) => (rank === 0 ? -Infinity : -rank));
  return topK(scores, scores.length, k).filter((place) => ranks[place] !== 0);
}

/** For each source, the first k of the blend without it: neither its candidates nor its weight. */
export function ablatedLists({ inspection: { slate, candidates, scores } }: Answered, k: number): number[][] {
  const { count, items, ranks } = candidates;
  return SOURCE_NAMES.map((name, without) => {
    const weight = slate.sources.find((source) => source.name === name)?.weight ?? 0;
    const own = candidates.scores[without]!;
    const rest = new Float64Array(count);
    for (let at = 0; at < count; at++) {
      const found = ranks.some((column, source) => source !== without && column[at] !== 0);
      rest[at] = found ? scores[at]! - weight * own[at]! : -Infinity;
    }
    const best = topK(rest, count, k, items);
    return Array.from(
      best.filter((place) => rest[place]! > -Infinity),
      (place) => items[place]!,
    );
  });
}

/** A scenario of nothing but the sources that were off for a list, to see what they would say; null where all took part. */
export function silentScenario({ retrieved, slate }: Inspection): Scenario | null {
  const { scenario } = slate.asked.query;
  if (retrieved.every((source) => source !== null)) return null;
  const weights = Object.fromEntries(
    SOURCE_NAMES.map((name, at) => [name, retrieved[at] === null ? 1 : 0]),
  ) as SourceWeights;
  return { ...scenario, name: 'silent', fitted: false, weights: { COLD: weights, WARM: weights } };
}
