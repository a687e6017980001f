/** Visitors who click while the server runs: the world simply goes on. */
import { type Event } from '../../events/event.js';
import { type World } from './world.js';

/**
 * The events in [fromMs, toMs), in order of time. Call it with the end of the last call and the present time; after a
 * restart, with the time of the last event in the log: what is made twice has the same ids and counts once.
 */
export function liveEvents(world: World, fromMs: number, toMs: number): readonly Event[] {
  return [...world.events(fromMs, toMs)].flat();
}
