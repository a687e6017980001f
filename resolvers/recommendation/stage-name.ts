import { registerEnumType } from 'type-graphql';
import { type StageName as EngineStageName } from '../../src/engine/stage-name.js';

export const StageName = {
  POPULARITY: 'POPULARITY',
  NEWEST: 'NEWEST',
  ITEM_NEIGHBOURS: 'ITEM_NEIGHBOURS',
  USER_NEIGHBOURS: 'USER_NEIGHBOURS',
  ALS: 'ALS',
  TWO_TOWER: 'TWO_TOWER',
  BLEND: 'BLEND',
  RANKER: 'RANKER',
  DIVERSITY: 'DIVERSITY',
  BACKFILL: 'BACKFILL',
} as const satisfies { [Name in EngineStageName]: Name };
export type StageName = EngineStageName;

registerEnumType(StageName, {
  name: 'StageName',
  description:
    'The parts that retrieve, score and order. ALS, TWO_TOWER and RANKER need a fitted model: without a snapshot they say nothing.',
});
