/**
 * The fields whose values are the same for whoever asks, so that caches between may share them. What is not here is nobody else's: a
 * new field stays private until it is put here. Fields for debugging never are.
 */
const FIELDS: Readonly<Record<string, string>> = {
  Query: 'item items popularItems',
  Item: 'attributes available firstSeenAt id publishedAt similar',
  RecommendationConnection: 'context degradations edges nodes pageInfo recommendationId segment snapshot',
  RecommendationEdge: 'cursor node',
  Recommendation: 'baseScore explanation item rank score scores stages',
  Explanation: 'reasons text',
  Reason: 'item kind scope text weight',
  StageScores: 'als blend itemNeighbours newest popularity ranker twoTower userNeighbours',
  StageScore: 'contribution rank retrieved score stage weight',
  Context: 'country device os referrer region',
  Degradation: 'code instead stage',
  PageInfo: 'endCursor hasNextPage hasPreviousPage startCursor',
  Snapshot: 'createdAt dataUntil id',
};

/** As Type.field. */
export const PUBLIC_FIELDS: ReadonlySet<string> = new Set(
  Object.entries(FIELDS).flatMap(([type, fields]) => fields.split(' ').map((field) => `${type}.${field}`)),
);
