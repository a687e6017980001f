/** The stages by name, as answers name them. Sources first, in the order in which scores are kept. */
export const SOURCE_NAMES = ['POPULARITY', 'NEWEST', 'ITEM_NEIGHBOURS', 'USER_NEIGHBOURS', 'ALS'] as const;
export type SourceName = (typeof SOURCE_NAMES)[number];
export type StageName = SourceName | 'TWO_TOWER' | 'BLEND' | 'RANKER' | 'DIVERSITY' | 'BACKFILL';
