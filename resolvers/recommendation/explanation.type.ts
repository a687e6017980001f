import { Field, Float, ObjectType } from 'type-graphql';
import { Item } from '../item/item.type.js';
import { type Relation } from '../relation.js';

@ObjectType({
  simpleResolvers: true,
  description: 'One reason: an item read, readers alike, popularity in a scope, newness.',
})
export class Reason {
  @Field({
    description:
      'ITEM_READ, READERS_ALIKE, TASTE, POPULARITY, NEWNESS, ATTRIBUTES, MOMENT, BACKFILL, or RANKER for the whole of a score.',
  })
  kind!: string;

  @Field(() => Float, {
    description: 'Weights and baseScore add up to the score; a learned ranker’s may be below 0.',
  })
  weight!: number;

  @Field(() => Item, { nullable: true, description: 'The item that was read, of ITEM_READ.' })
  item!: Relation<Item> | null;

  @Field(() => String, {
    nullable: true,
    description: 'What popularity was counted within, of POPULARITY: all, region, referrer+position …',
  })
  scope!: string | null;

  @Field()
  text!: string;
}

@ObjectType({ simpleResolvers: true })
export class Explanation {
  @Field({ description: 'The heaviest reasons as one sentence.' })
  text!: string;

  @Field(() => [Reason], { description: 'Heaviest first.' })
  reasons!: Reason[];
}

@ObjectType({ simpleResolvers: true, description: 'One of the inputs that the score was made of.' })
export class FeatureValue {
  @Field()
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: 'COLLABORATIVE, ALS, POPULARITY, NEURAL, AFFINITY or TEMPORAL; null for a source of the blend.',
  })
  group!: string | null;

  @Field()
  unit!: string;

  @Field(() => Float, { nullable: true, description: 'Null where it was not known.' })
  value!: number | null;

  @Field(() => Float, { description: 'How much it moved the score; contributions and baseScore add up to it.' })
  contribution!: number;
}
