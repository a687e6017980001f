/** How often a field may be asked for: points a window, for each caller and user. */
import { MAX_ID_CHARACTERS } from '../events/text-rules.js';
import { givenList } from './given-list.js';

export interface RateLimit {
  /** Points within the window; see `pointsOf`. */
  readonly limit: number;
  /** Seconds. */
  readonly duration: number;
}

/** By Type.field. */
export type RateLimits = Readonly<Record<string, RateLimit>>;

const aMinute = (limit: number): RateLimit => ({ limit, duration: 60 });

/** What no page, no app and no pipeline meets that is in order. */
export const DEFAULT_RATE_LIMITS: RateLimits = {
  'Query.viewer': aMinute(1_200),
  'Query.user': aMinute(1_200),
  'Query.users': aMinute(12_000),
  'Query.item': aMinute(6_000),
  'Query.items': aMinute(60_000),
  'Query.recommendations': aMinute(1_200),
  'Query.popularItems': aMinute(1_200),
  'User.recommendations': aMinute(60_000),
  'Item.similar': aMinute(60_000),
  'Subscription.recommendationsUpdated': aMinute(1_200),
  'Mutation.recordInteractions': aMinute(60_000),
  'Mutation.upsertItems': aMinute(120_000),
  'Mutation.upsertUserProfiles': aMinute(60_000),
  'Mutation.mergeUsers': aMinute(600),
  'Mutation.forgetUser': aMinute(60),
};

/** What a gateway that composes this graph with others asks beside. */
export const ENTITY_LIMITS: RateLimits = { 'Query._entities': aMinute(60_000) };

/** Of one key for all users together: what no back-end in order meets, ten thousand a second. */
export const DEFAULT_KEY_RATE_LIMITS: RateLimits = {
  'Query.user': aMinute(600_000),
  'Query.item': aMinute(600_000),
  'Query.recommendations': aMinute(600_000),
  'Subscription.recommendationsUpdated': aMinute(600_000),
};

const ENTRY = /^([A-Z]\w*\.\w+)=(\d{1,9})\/(\d{1,5})s$/;

/** The defaults with what the text changes, such as `Query.recommendations=600/60s,Query.user=60/10s`; undefined where it can't be read. */
export function parseRateLimits(text: string, defaults = DEFAULT_RATE_LIMITS): RateLimits | undefined {
  const changed: Record<string, RateLimit> = { ...defaults };
  for (const entry of text.split(',')) {
    const [, field, limit, duration] = ENTRY.exec(entry.trim()) ?? [];
    if (field === undefined || Number(limit) < 1 || Number(duration) < 1) return undefined;
    changed[field] = { limit: Number(limit), duration: Number(duration) };
  }
  return changed;
}

/** A field costs a point, or one for each id and entry that it is given. */
export function pointsOf(args: Readonly<Record<string, unknown>>): number {
  return Math.max(1, givenList(args)?.length ?? 1);
}

/** The user that a field is about, where it says so: callers that ask for many users have a limit for each. */
export function userOf({ userId, id }: Readonly<Record<string, unknown>>): string {
  const user = userId ?? id;
  // Others are refused when they are looked at.
  return typeof user === 'string' && user.length <= MAX_ID_CHARACTERS ? user : '';
}
