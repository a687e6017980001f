/**
 * What shapes the live state: what is counted, for how long, and the bound of everything that could grow.
 * A checkpoint made under other settings is not used: the state is then folded anew from the log.
 */
import { CONTEXT_DIMENSIONS, type InteractionType } from '../events/event.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export interface StateSettings {
  /** Half-lives of the popularity counters, shortest first. */
  readonly halfLivesMs: readonly number[];
  /** What popularity is counted within: `all`, context dimensions, `position` (first click of a session or later), joined by `+`. */
  readonly scopes: readonly string[];
  /** Half-lives of co-clicks and next clicks, shortest first; Infinity keeps what was learnt through any silence. */
  readonly coClickHalfLivesMs: readonly number[];
  /** A click counts as co-click of at most this many clicks before it in its session. */
  readonly coClickReach: number;
  /** Without session ids, a session ends after this long without a click. */
  readonly sessionGapMs: number;
  /** A reader counts once per item within this time. */
  readonly recountWindowMs: number;
  /** Weight of one interaction in every counter. */
  readonly weights: Readonly<Record<InteractionType, number>>;
  readonly bounds: StateBounds;
}

/**
 * Bytes of histories, readers and co-clicks are those of a record alone, and at most with room to grow: a row has room for
 * a power of two of records, the smaller places that it left wait for other rows, and the arrays grow by half. With
 * all rows full at the default lengths that is less than 3.9 times the records.
 */
export interface StateBounds {
  /** Users in memory; the least recently active spill to the store (about 110 B a user, and its interactions). */
  readonly users: number;
  /** Interactions kept of a user (44 B each, at most 170 B). */
  readonly history: number;
  /** Recent readers kept of an item (12 B each, at most 46 B). */
  readonly readers: number;
  /** Co-clicked items kept of an item (68 B each with four half-lives, at most 262 B). */
  readonly coClicks: number;
  /** Readers of named sessions, the last ones to come to one (76 B each). */
  readonly sessions: number;
  /** Values of a scope that are counted apart; the rest is counted as one, "other". */
  readonly scopeValues: number;
  /** Items counted within one value of a scope (50 B each with five half-lives); `all` may hold 32 times as many (60 B each). */
  readonly scopeItems: number;
  /** Length of the ready list of each scope value and half-life (12 B each). */
  readonly list: number;
}

export const DEFAULT_STATE_SETTINGS: StateSettings = {
  halfLivesMs: [3 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS, 3 * HOUR_MS, DAY_MS],
  scopes: [
    'all',
    'position',
    'device',
    'os',
    'country',
    'region',
    'referrer',
    'referrer+position',
    'region+position',
    'device+referrer+position',
    'region+referrer+position',
  ],
  coClickHalfLivesMs: [30 * MINUTE_MS, 4 * HOUR_MS, 7 * DAY_MS, Infinity],
  coClickReach: 4,
  sessionGapMs: 30 * MINUTE_MS,
  recountWindowMs: DAY_MS,
  weights: { IMPRESSION: 0, VIEW: 0.5, CLICK: 1, LIKE: 2, DISLIKE: 0, ADD_TO_CART: 3, PURCHASE: 5, UNDO: 0 },
  bounds: {
    users: 1_000_000,
    history: 200,
    readers: 128,
    coClicks: 128,
    sessions: 262_144,
    scopeValues: 4_096,
    scopeItems: 2_048,
    list: 64,
  },
};

/** Why these settings can't be used, or null; names the setting, its value and what is allowed. */
export function stateSettingsProblem(settings: StateSettings): string | null {
  const known: readonly string[] = [...CONTEXT_DIMENSIONS, 'position'];
  for (const scope of settings.scopes) {
    const parts = scope.split('+');
    if (scope !== 'all' && (parts.some((part) => !known.includes(part)) || new Set(parts).size !== parts.length)) {
      return `scope "${scope}": allowed are "all" and combinations of ${known.join(', ')} joined by "+"`;
    }
  }
  if (!settings.scopes.includes('all')) return 'scopes: "all" must be among them';
  if (new Set(settings.scopes).size !== settings.scopes.length) return 'scopes: one is named twice';
  return null;
}
