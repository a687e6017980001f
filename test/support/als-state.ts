/** Block worlds as events: blocks of readers who click all items of their block but one, each reader another one. */
import { AlsModel, type AlsParts } from '../../src/engine/als/als-model.js';
import { type WeightRule } from '../../src/engine/als/history-weights.js';
import { type Snapshot } from '../../src/engine/snapshot.js';
import { type Event } from '../../src/events/event.js';
import { DEFAULT_STATE_SETTINGS } from '../../src/state/state-settings.js';
import { type AlsSettings, DEFAULT_ALS_SETTINGS } from '../../src/training/als/als-settings.js';
import { type AlsWorkers } from '../../src/training/als/als-workers.js';
import { fitState } from '../../src/training/als/fit-state.js';
import { stateMatrix } from '../../src/training/als/state-matrix.js';
import { click, MINUTE, NOON, stateOf } from './state.js';

export const BLOCKS = 5;
export const SIZE = 6;
export const ALS_SETTINGS: AlsSettings = { ...DEFAULT_ALS_SETTINGS, factors: 8, iterations: 8 };
/** As of the end of the block events; the half-life lets their weights differ. */
export const ALS_RULE: WeightRule = {
  types: DEFAULT_STATE_SETTINGS.weights,
  halfLifeMs: 600 * MINUTE,
  asOf: NOON + BLOCKS * SIZE * SIZE * MINUTE,
};

export const userId = (user: number): string => `u${user}`;
export const itemId = (item: number): string => `i${item}`;
/** The one item of the own block that a user has not clicked. */
export const withheldOf = (user: number): string => itemId(user - (user % SIZE) + ((user + 1) % SIZE));

/** One click a minute, so that ages and weights differ. */
export function blockEvents(): Event[] {
  const pairs = Array.from({ length: BLOCKS * SIZE * SIZE }, (_, at): [string, string] => {
    const user = Math.floor(at / SIZE);
    return [userId(user), itemId(user - (user % SIZE) + (at % SIZE))];
  });
  return pairs
    .filter(([user, item]) => item !== withheldOf(Number(user.slice(1))))
    .map(([user, item], at) => click(user, item, at));
}

/** Factors of a state of these events. */
export async function fittedParts(events: readonly Event[], workers: AlsWorkers): Promise<AlsParts> {
  const parts = await fitState(stateMatrix(stateOf(events), ALS_RULE), ALS_SETTINGS, { workers });
  if (parts === null) throw new Error('the world is too small to be factorised');
  return parts;
}

export function snapshotWith(parts: AlsParts | null, rest: Partial<Snapshot> = {}): Snapshot {
  const als = parts === null ? null : new AlsModel(parts);
  return { id: 'fitted', createdAt: NOON, dataUntil: NOON, metrics: {}, weights: null, als, ranker: null, ...rest };
}
