/**
 * Caps per attribute value: among the first `within` ranks at most `most` items share a value; what is too much moves down
 * behind them, in its order. Items without the attribute are not capped.
 */
import { type Candidates } from '../candidate.js';
import { type AttributeCap } from '../scenario.js';
import { type World } from '../source.js';

/** `order`: places in the candidates, best first; returns the same places in the new order. */
export function attributeCaps(
  order: readonly number[],
  caps: readonly AttributeCap[],
  { items }: Candidates,
  { state }: World,
): readonly number[] {
  return caps.reduce((ranked, { attribute, most, within }) => {
    const kept: number[] = [];
    const moved: number[] = [];
    const counts = new Map<string, number>();
    for (const place of ranked) {
      const value = state.items.attributesOf(items[place]!)[attribute];
      if (kept.length >= within || value === undefined) {
        kept.push(place);
        continue;
      }
      const key = JSON.stringify(value);
      const count = (counts.get(key) ?? 0) + 1;
      if (count > most) moved.push(place);
      else {
        counts.set(key, count);
        kept.push(place);
      }
    }
    return [...kept.slice(0, within), ...moved, ...kept.slice(within)];
  }, order);
}
