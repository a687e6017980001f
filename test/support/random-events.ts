/** Logs of everything that can happen to users, drawn from a seed: few people do most of it, and they sign in and are forgotten. */
import { type Event, INTERACTION_TYPES } from '../../src/events/event.js';
import { type LogEntry } from '../../src/events/log.js';
import { seededRandom } from '../../src/math/random.js';
import { click, NOON } from './state.js';

export interface RandomEvents {
  readonly seed: number;
  readonly count: number;
  readonly users: number;
  /** Of a hundred events so many merge or forget somebody. */
  readonly leaving?: number;
}

export function randomEvents({ seed, count, users, leaving = 5 }: RandomEvents): readonly LogEntry[] {
  const random = seededRandom(seed);
  const userId = (): string => `u${Math.floor(random.next() ** 2 * users)}`;
  const itemId = (): string => `i${random.below(60)}`;
  const draw = (minute: number): Event => {
    const kind = random.below(100);
    const at = NOON + minute * 60_000;
    if (kind < leaving / 2) return { kind: 'forget', userId: userId(), at };
    if (kind < leaving) return { kind: 'merge', fromUserId: userId(), intoUserId: userId(), at };
    if (kind < leaving + 5) {
      return { kind: 'profile', userId: userId(), context: { device: itemId() }, attributes: { n: minute }, at };
    }
    const type = random.below(3) === 0 ? INTERACTION_TYPES[random.below(INTERACTION_TYPES.length)]! : 'CLICK';
    const late = random.below(10) === 0 ? random.below(500) : 0;
    const sessionId = random.below(2) === 0 ? undefined : `s${random.below(9)}`;
    return click(userId(), itemId(), minute - late, { type, sessionId, context: { region: itemId() } });
  };
  return Array.from({ length: count }, (_, at) => ({ position: at + 1, event: draw(at) }));
}
