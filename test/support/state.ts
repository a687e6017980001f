/** Small states for tests: events given by what differs, folded in their order. */
import { type Event, type InteractionEvent } from '../../src/events/event.js';
import { MemoryUserRecords } from '../../src/profiles/memory-user-records.js';
import { LiveState } from '../../src/state/live-state.js';
import { DEFAULT_STATE_SETTINGS, type StateSettings } from '../../src/state/state-settings.js';

/** A moment to count from: 2026-01-05T12:00:00Z, a Monday. */
export const NOON = Date.UTC(2026, 0, 5, 12);
export const MINUTE = 60_000;

/** A click at `minutes` after noon. */
export function click(
  userId: string,
  itemId: string,
  minutes: number,
  rest: Partial<InteractionEvent> = {},
): InteractionEvent {
  return { kind: 'interaction', type: 'CLICK', userId, itemId, at: NOON + minutes * MINUTE, ...rest };
}

export function stateOf(events: readonly Event[], settings: Partial<StateSettings> = {}): LiveState {
  const state = new LiveState({ ...DEFAULT_STATE_SETTINGS, ...settings }, new MemoryUserRecords());
  events.forEach((event, index) => state.apply(event, index + 1));
  return state;
}
