import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Context } from '../context/context.type.js';
import { Item } from '../item/item.type.js';
import { PageInfo } from '../paging/page-info.type.js';
import { RejectedEntry } from '../rejected-entry.type.js';
import { type Relation } from '../relation.js';
import { DateTime } from '../scalars.js';
import { User } from '../user/user.type.js';
import { InteractionType } from './interaction-type.js';

@ObjectType({ simpleResolvers: true })
export class Interaction {
  @Field(() => ID, { description: 'As the client gave it, else the position in the log.' })
  id!: string;

  @Field(() => Item)
  item!: Relation<Item>;

  @Field(() => InteractionType)
  type!: InteractionType;

  @Field(() => DateTime)
  at!: number;

  @Field(() => ID, { nullable: true })
  sessionId!: string | null;

  @Field(() => Context)
  context!: Context;

  @Field(() => ID, { nullable: true })
  recommendationId!: string | null;
}

@ObjectType({ simpleResolvers: true })
export class InteractionEdge {
  @Field()
  cursor!: string;

  @Field(() => Interaction)
  node!: Interaction;
}

@ObjectType({ simpleResolvers: true })
export class InteractionConnection {
  @Field(() => [InteractionEdge])
  edges!: InteractionEdge[];

  @Field(() => [Interaction])
  nodes!: Interaction[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;
}

@ObjectType({ simpleResolvers: true })
export class RecordInteractionsPayload {
  @Field(() => Int)
  accepted!: number;

  @Field(() => Int, { description: 'Entries whose id had been recorded before.' })
  duplicates!: number;

  @Field(() => [RejectedEntry])
  rejected!: RejectedEntry[];

  @Field({ description: 'Position of the log that holds them.' })
  logPosition!: string;

  @Field(() => [User], {
    description:
      'The users of what was recorded, each once. Ask for recommendations here: the click and its effect in one round trip.',
  })
  users!: Relation<User>[];
}
