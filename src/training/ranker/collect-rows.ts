/**
 * Writes down what a ranker would have seen of each replayed list: the item that was clicked, where it was among the
 * candidates, and a uniform sample of all others. Not the most popular others: told only those apart, a ranker knows less
 * than its own best feature.
 */
import { seededRandom } from '../../math/random.js';
import { type Answered } from '../../replay/replay.js';
import { type RowWriter } from './row-files.js';

export interface CollectOptions {
  /** Others of each query, at most. */
  readonly negatives: number;
  readonly seed: number;
}

/** For a replay's listener; the list must be fresh. */
export function collectRows(
  writer: RowWriter,
  { negatives, seed }: CollectOptions,
): (answered: Pick<Answered, 'ask' | 'inspection' | 'target'>) => void {
  return ({ ask, inspection: { candidates, rankedPlaces, features }, target }) => {
    const clicked = rankedPlaces.findIndex((place) => candidates.items[place] === target);
    if (clicked === -1) return writer.miss();
    const random = seededRandom(seed, ask.target.position);
    const places = Int32Array.from(rankedPlaces);
    [places[0], places[clicked]] = [places[clicked]!, places[0]!];
    const count = Math.min(places.length, negatives + 1);
    for (let at = 1; at < count; at++) {
      const other = at + random.below(places.length - at);
      [places[at], places[other]] = [places[other]!, places[at]!];
    }
    // The clicked row must not stand first: where scores are equal, the order of rows would give it away.
    const own = random.below(count);
    [places[0], places[own]] = [places[own]!, places[0]!];
    writer.add(features(places.subarray(0, count)), own);
  };
}
