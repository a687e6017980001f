import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { type Attributes } from '../../src/events/event.js';
import { type Relation } from '../relation.js';
import { JSONObject } from '../scalars.js';
import { User } from './user.type.js';

@InputType()
export class MergeUsersInput {
  @Field(() => ID, { description: 'Unknown from then on: what comes later under this id is another history.' })
  fromUserId!: string;

  @Field(() => ID)
  intoUserId!: string;
}

@ObjectType({ simpleResolvers: true })
export class MergeUsersPayload {
  @Field(() => User)
  user!: Relation<User>;

  @Field()
  logPosition!: string;
}

@InputType()
export class ForgetUserInput {
  @Field(() => ID)
  userId!: string;
}

@ObjectType({ simpleResolvers: true })
export class ForgetUserPayload {
  @Field(() => ID)
  userId!: string;

  @Field(() => JSONObject, { description: 'What is gone, counted: interactions, profile, slates, logEntries.' })
  erased!: Attributes;

  @Field(() => [String], { description: 'What is due, and when.' })
  pending!: string[];

  @Field()
  logPosition!: string;
}
