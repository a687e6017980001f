/**
 * What erasure makes of one event: the pseudonym in place of the user's id, and nothing left that leads back to the
 * person. What the counters are folded from stays: item, type, weight, time, context and rank.
 */
import { createHash } from 'node:crypto';
import { type Event, type InteractionEvent, type MergeEvent, type ProfileEvent } from './event.js';
import { type PseudonymiseOptions } from './log.js';

export interface Erasure extends Omit<PseudonymiseOptions, 'upTo'> {
  readonly userId: string;
  readonly pseudonym: string;
}

/** Gives the event without the person, or null where it doesn't name the user and stays as it is. */
export type Pseudonymise = (event: Event) => Event | null;

/** The rewriting of one erasure: equal sessions stay equal under the same salt. */
export function pseudonymiser({ userId, pseudonym, includeForgets, sessionSalt }: Erasure): Pseudonymise {
  return (event) => {
    switch (event.kind) {
      case 'interaction':
        return event.userId === userId ? interaction(event, pseudonym, sessionSalt) : null;
      case 'profile':
        return event.userId === userId ? profile(event, pseudonym) : null;
      case 'merge':
        return merge(event, userId, pseudonym);
      case 'forget':
        return includeForgets && event.userId === userId ? { ...event, userId: pseudonym } : null;
      default:
        return null;
    }
  };
}

function interaction(event: InteractionEvent, pseudonym: string, sessionSalt: string): InteractionEvent {
  const { kind, itemId, type, at, sessionId, context, weight, rank } = event;
  const session = sessionId === undefined ? undefined : alias(sessionId, sessionSalt);
  return { kind, userId: pseudonym, itemId, type, at, sessionId: session, context, weight, rank };
}

function profile({ kind, at }: ProfileEvent, pseudonym: string): ProfileEvent {
  return { kind, userId: pseudonym, at };
}

function merge(event: MergeEvent, userId: string, pseudonym: string): MergeEvent | null {
  if (event.fromUserId !== userId && event.intoUserId !== userId) return null;
  const renamed = (id: string) => (id === userId ? pseudonym : id);
  return { ...event, fromUserId: renamed(event.fromUserId), intoUserId: renamed(event.intoUserId) };
}

function alias(sessionId: string, salt: string): string {
  return createHash('sha256').update(salt).update(sessionId).digest('hex').slice(0, 32);
}
