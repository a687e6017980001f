/** One list to ask for in a replay, and the click that it is judged by. */
import { type Context } from '../events/event.js';
import { type Position } from '../events/log.js';

export interface Target {
  readonly position: Position;
  readonly userId: string;
  readonly itemId: string;
  readonly at: number;
}

export interface Ask {
  /** What was clicked after the list was shown. */
  readonly target: Target;
  /** The list is made when everything up to this position, and nothing else, is folded in. */
  readonly after: Position;
  /** Time of the query, ms: of a session's first click itself, else of the click before the target; never after the target's own. */
  readonly now: number;
  /** Whether it is the first list of a session. */
  readonly isStart: boolean;
  readonly sessionId: string | null;
  /** Of the session's first event. */
  readonly context: Context | null;
}
