/**
 * Which lists a replay asks for, and when. A session's first list is asked for at its first click, on the state before it;
 * the list for a later click at the click before it, right after that one was folded in, for that is when the page renders.
 * So neither the gap between the two nor anything that happened in it can be known.
 */
import { type InteractionEvent } from '../events/event.js';
import { type EventSource, readUntil } from '../events/event-source.js';
import { type LogEntry, type Position } from '../events/log.js';
import { hashString } from '../math/hash-string.js';
import { type StateSettings } from '../state/state-settings.js';
import { type Ask, type Target } from './ask.js';

export interface AskWindow {
  /** Time of the clicks that lists are judged by, ms: `from` inclusive, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  /** Fraction of these clicks, chosen by a hash of click and seed. */
  readonly sample: number;
  readonly seed: number;
}

interface OpenSession {
  readonly context: Ask['context'];
  lastAt: number;
  lastPosition: Position;
}

const HASHES = 2 ** 52;

/** One pass over the events; the asks in the order in which a replay comes to them. */
export async function planAsks(
  source: EventSource,
  settings: Pick<StateSettings, 'weights' | 'sessionGapMs'>,
  window: AskWindow,
): Promise<readonly Ask[]> {
  const asks: Ask[] = [];
  const sessions = new Map<string, OpenSession>();
  let before: Position = 0;
  for await (const entries of readUntil(source, window.to)) {
    for (const { event, position } of entries) {
      if (event.kind === 'interaction' && settings.weights[event.type] > 0) {
        const key = `${event.userId}\n${event.sessionId ?? ''}`;
        const going = goesOn(sessions.get(key), event, settings.sessionGapMs);
        if (isWanted(event, window)) asks.push(askFor({ event, position }, going, before));
        if (going === null) sessions.set(key, openSession(event, position));
        else [going.lastAt, going.lastPosition] = [Math.max(going.lastAt, event.at), position];
      }
      before = position;
    }
  }
  return asks.sort((a, b) => a.after - b.after || a.target.position - b.target.position);
}

/** The open session that the click belongs to, if it is not the first of one. Named sessions may pause, others end. */
function goesOn(session: OpenSession | undefined, event: InteractionEvent, gapMs: number): OpenSession | null {
  if (session === undefined) return null;
  return event.sessionId !== undefined || Math.abs(event.at - session.lastAt) <= gapMs ? session : null;
}

function openSession({ at, context }: InteractionEvent, position: Position): OpenSession {
  return { context: context ?? null, lastAt: at, lastPosition: position };
}

/** Whether a click belongs to a sample of this fraction: the same for the same seed, whatever the other clicks are. */
export function isSampled({ userId, itemId, at }: Omit<Target, 'position'>, fraction: number, seed: number): boolean {
  return fraction >= 1 || hashString(`${seed}\n${userId}\n${itemId}\n${at}`) / HASHES < fraction;
}

function isWanted(event: InteractionEvent, { from, to, sample, seed }: AskWindow): boolean {
  return event.at >= from && event.at < to && isSampled(event, sample, seed);
}

function askFor(
  { event, position }: LogEntry & { readonly event: InteractionEvent },
  session: OpenSession | null,
  before: Position,
): Ask {
  const { userId, itemId, at, sessionId = null, context = null } = event;
  const target = { position, userId, itemId, at };
  // A late event is of before the click it follows: asked at that one, a snapshot could be used that was fitted on the target.
  return session === null
    ? { target, after: before, now: at, isStart: true, sessionId, context }
    : {
        target,
        after: session.lastPosition,
        now: Math.min(session.lastAt, at),
        isStart: false,
        sessionId,
        context: session.context,
      };
}
