import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { type Attributes } from '../../src/events/event.js';
import { DateTime, JSONObject } from '../scalars.js';

@ArgsType()
export class ItemsArgs {
  @Field(() => [ID], { description: 'At most 1,000.' })
  ids!: string[];
}

@InputType({ description: 'What is not given stays as it is.' })
export class ItemInput {
  @Field(() => ID, { description: '1 to 256 characters.' })
  id!: string;

  @Field(() => JSONObject, {
    nullable: true,
    description:
      'Added to those it has; null removes one. The first value of an attribute declares its type for all items.',
  })
  attributes?: Attributes;

  @Field(() => Boolean, { nullable: true })
  available?: boolean;

  @Field(() => DateTime, { nullable: true })
  publishedAt?: number;
}

@InputType()
export class UpsertItemsInput {
  @Field(() => [ItemInput], { description: 'At most 1,000.' })
  items!: ItemInput[];
}
