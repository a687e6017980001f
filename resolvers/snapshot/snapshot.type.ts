import { Field, ID, ObjectType } from 'type-graphql';
import { type Snapshot as EngineSnapshot } from '../../src/engine/snapshot.js';
import { DateTime, JSONObject } from '../scalars.js';

@ObjectType({ simpleResolvers: true, description: 'A consistent set of fitted models, swapped whole.' })
export class Snapshot {
  @Field(() => ID)
  id!: string;

  @Field(() => DateTime)
  createdAt!: number;

  @Field(() => DateTime, { description: 'The models know nothing later than this.' })
  dataUntil!: number;

  @Field(() => JSONObject, { description: 'What its evaluation measured.' })
  metrics!: EngineSnapshot['metrics'];
}
