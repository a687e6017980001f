import { Field, Float, Int, ObjectType } from 'type-graphql';
import { Item } from '../item/item.type.js';
import { type Relation } from '../relation.js';

@ObjectType({ simpleResolvers: true, description: 'An item as one stage alone has it.' })
export class StageCandidate {
  @Field(() => Item)
  item!: Relation<Item>;

  @Field(() => Int, { description: 'From 1.' })
  rank!: number;

  @Field(() => Float)
  score!: number;
}
