/**
 * Who may select what: one row a field that not everybody may select. Every other field is open to whoever may select what it
 * belongs to. A test goes through every field of the schema with every role.
 */
import { type Role } from './caller.js';

const READ: readonly Role[] = ['client', 'server', 'debug', 'admin'];
const DEBUG: readonly Role[] = ['debug', 'admin'];
const RECORD: readonly Role[] = ['client', 'server', 'ingest', 'admin'];
const INGEST: readonly Role[] = ['ingest', 'admin'];
const INTRODUCE: readonly Role[] = ['server', 'ingest', 'admin'];

export const AUTHORISATION: Readonly<Record<string, readonly Role[]>> = {
  'Query.user': READ,
  'Query.users': READ,
  'Query.viewer': READ,
  'Query.item': READ,
  'Query.items': READ,
  'Query.recommendations': READ,
  'Query.popularItems': READ,
  'Query.snapshot': READ,
  // Of the subgraph: references are answered as items and users are, and its text is for what composes graphs.
  'Query._entities': READ,
  'Query._service': ['server', 'debug', 'admin'],
  'Subscription.recommendationsUpdated': READ,
  'Mutation.recordInteractions': RECORD,
  'Mutation.upsertItems': INGEST,
  // What is said of a person counts in everybody's features: not for the person's own browser to say.
  'Mutation.upsertUserProfiles': INTRODUCE,
  'Mutation.mergeUsers': ['server', 'admin'],
  'Mutation.forgetUser': ['admin'],
  // Who only writes must not read by the way.
  'RecordInteractionsPayload.users': READ,
  'UpsertItemsPayload.items': READ,
  'UpsertUserProfilesPayload.users': READ,
  'User.stage': DEBUG,
  'RecommendationConnection.trace': DEBUG,
  'Recommendation.features': DEBUG,
  'Snapshot.metrics': DEBUG,
  // It may tell of the inside of a stage; the code is for everybody.
  'Degradation.message': ['server', 'debug', 'admin'],
};

/** Who may ask for the schema where only some may. */
export const INTROSPECTION: readonly Role[] = DEBUG;

/** Whose data a caller that speaks for a user, or for none, may touch beyond that user's own. */
export const OF_ANYBODY = {
  lists: ['server', 'debug', 'admin'],
  history: ['debug', 'admin'],
  recording: ['server', 'ingest', 'admin'],
} satisfies Record<string, readonly Role[]>;
