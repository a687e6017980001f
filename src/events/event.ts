/**
 * Every kind of mutation, as it stands in the log. Times are milliseconds since 1970 (UTC).
 * An event is complete in itself: folding the log from its start gives the state, whoever folds it and whenever.
 */

/** Types of interaction, in the order of their numbers in state; the order is part of the format: only append. */
export const INTERACTION_TYPES = [
  'IMPRESSION',
  'VIEW',
  'CLICK',
  'LIKE',
  'DISLIKE',
  'ADD_TO_CART',
  'PURCHASE',
  'UNDO',
] as const;
export type InteractionType = (typeof INTERACTION_TYPES)[number];

/** Where and how a person reads. Codes are the site's own; nothing here knows what they mean. */
export interface Context {
  readonly device?: string | undefined;
  readonly os?: string | undefined;
  readonly country?: string | undefined;
  readonly region?: string | undefined;
  readonly referrer?: string | undefined;
}
export const CONTEXT_DIMENSIONS = ['device', 'os', 'country', 'region', 'referrer'] as const;
export type ContextDimension = (typeof CONTEXT_DIMENSIONS)[number];

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };
export type Attributes = { readonly [name: string]: JsonValue };

export interface InteractionEvent {
  readonly kind: 'interaction';
  /** Given by the client: the same id twice counts once. */
  readonly id?: string | undefined;
  readonly userId: string;
  readonly itemId: string;
  readonly type: InteractionType;
  /** Multiplies the type's own weight; 1 where absent. */
  readonly weight?: number | undefined;
  readonly at: number;
  readonly sessionId?: string | undefined;
  readonly context?: Context | undefined;
  /** The list that was answered, and the place in it, counted from 1. */
  readonly recommendationId?: string | undefined;
  readonly rank?: number | undefined;
}

/** Absent fields stay as they are; an attribute set to null is removed. */
export interface ItemEvent {
  readonly kind: 'item';
  readonly itemId: string;
  readonly attributes?: Attributes | undefined;
  readonly available?: boolean | undefined;
  readonly publishedAt?: number | undefined;
  readonly at: number;
}

/** Absent fields stay as they are; an attribute set to null is removed. */
export interface ProfileEvent {
  readonly kind: 'profile';
  readonly userId: string;
  readonly context?: Context | undefined;
  readonly attributes?: Attributes | undefined;
  readonly at: number;
}

export interface MergeEvent {
  readonly kind: 'merge';
  readonly fromUserId: string;
  readonly intoUserId: string;
  readonly at: number;
}

export interface ForgetEvent {
  readonly kind: 'forget';
  readonly userId: string;
  readonly at: number;
}

/** How far a file has been imported: `rows` of the file with this fingerprint stand before this event in the log. */
export interface ImportEvent {
  readonly kind: 'import';
  readonly fingerprint: string;
  readonly rows: number;
  readonly complete: boolean;
  readonly at: number;
}

export type Event = InteractionEvent | ItemEvent | ProfileEvent | MergeEvent | ForgetEvent | ImportEvent;
