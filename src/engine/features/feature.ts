/**
 * The contract of a featurizer: it fills some columns of the ranker's input, for all candidates of a query at once. What it
 * reads is the query, the state and the snapshot as a list sees them, so a replay knows no more than a server does.
 */
import { type SessionPlace } from '../../state/scope.js';
import { type StateSettings } from '../../state/state-settings.js';
import { type Candidates } from '../candidate.js';
import { type ResolvedQuery } from '../query.js';
import { type World } from '../source.js';

/** NEURAL has features once there are towers. */
export const FEATURE_GROUPS = ['COLLABORATIVE', 'ALS', 'POPULARITY', 'NEURAL', 'AFFINITY', 'TEMPORAL'] as const;
export type FeatureGroup = (typeof FEATURE_GROUPS)[number];

/** What a reader is told where the feature moved the score. */
export type FeatureReason =
  | { readonly kind: 'POPULARITY'; readonly scope: string; readonly place?: SessionPlace }
  | { readonly kind: 'ITEM_READ'; readonly items: 'LAST' | 'EARLIER' }
  /** The blend's own reasons, in their proportions. */
  | { readonly kind: 'BLEND' }
  | { readonly kind: 'READERS_ALIKE' | 'TASTE' | 'NEWNESS' | 'MOMENT' | 'ATTRIBUTES' };

export interface Feature {
  /** Letters, digits and _ + = . only: other tools put their own meaning on the rest. */
  readonly name: string;
  readonly group: FeatureGroup;
  readonly unit: string;
  readonly description: string;
  readonly reason: FeatureReason;
  /** Whether it costs a list a good part of its time, so that it must bring more than others to be used. */
  readonly isCostly?: true;
}

export interface Featurizer {
  /** Its columns, in their order: they follow the scopes and half-lives of the state. */
  features(settings: StateSettings): readonly Feature[];
  /** Fills every row of its columns; NaN where something is not known or makes no sense. */
  fill(query: ResolvedQuery, candidates: Candidates, world: World, columns: readonly Float32Array[]): void;
}
