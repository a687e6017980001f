/** A small log to train on: readers of ten tastes, whose next click mostly stays within their taste. */
import { type InteractionEvent } from '../../src/events/event.js';
import { seededRandom } from '../../src/math/random.js';
import { click } from './state.js';

const TASTES = 10;

/** One click every two minutes from noon on. */
export function tasteEvents(length: number, seed = 1, users = 60): InteractionEvent[] {
  const random = seededRandom(seed);
  return Array.from({ length }, (_, at) => {
    const user = random.below(users);
    const any = random.below(300);
    const item = random.next() < 0.9 ? any - (any % TASTES) + (user % TASTES) : any;
    return click(`u${user}`, `i${item}`, 2 * at, { id: `e${at}`, sessionId: `s${user}-${Math.floor(at / 300)}` });
  });
}
