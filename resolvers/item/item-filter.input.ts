import { Field, ID, InputType } from 'type-graphql';
import { type AttributeScalar } from '../../src/engine/item-filter.js';
import { AttributeValue } from '../scalars.js';

@InputType({
  description: 'Exactly one of eq, in, gte / lte, exists. An item without the attribute meets only `exists: false`.',
})
export class AttributeFilter {
  @Field({ description: 'A declared catalogue attribute.' })
  name!: string;

  @Field(() => AttributeValue, { nullable: true, description: 'Of a list: one of its values.' })
  eq?: AttributeScalar;

  @Field(() => [AttributeValue], { nullable: true })
  in?: AttributeScalar[];

  @Field(() => AttributeValue, { nullable: true, description: 'Numbers and text.' })
  gte?: AttributeScalar;

  @Field(() => AttributeValue, { nullable: true, description: 'Numbers and text.' })
  lte?: AttributeScalar;

  @Field(() => Boolean, { nullable: true })
  exists?: boolean;
}

@InputType({
  description:
    'Which items may be listed. All parts that are given must hold; of `or`, one alternative. At most 8 deep.',
})
export class ItemFilter {
  @Field(() => [AttributeFilter], { nullable: true })
  attributes?: AttributeFilter[];

  @Field(() => [ID], { nullable: true })
  excludeItems?: string[];

  @Field(() => Boolean, {
    nullable: true,
    description: 'Items that the user has read stay in. At the top of a filter only.',
  })
  includeSeen?: boolean;

  @Field(() => [ItemFilter], { nullable: true })
  and?: ItemFilter[];

  @Field(() => [ItemFilter], { nullable: true })
  or?: ItemFilter[];

  @Field(() => ItemFilter, { nullable: true })
  not?: ItemFilter;
}
