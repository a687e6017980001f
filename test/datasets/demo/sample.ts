/** The world that the demo's tests look at, and stretches of its time. */
import { createWorld, type World } from '../../../src/datasets/demo/world.js';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** Not midnight: the days of a world may begin at any minute. */
export const START = Date.UTC(2025, 0, 6, 9, 17);

export function sampleWorld(seed = 1): World {
  return createWorld({ seed, startsAt: START });
}
