import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { type Attributes } from '../../src/events/event.js';
import { Context, ContextInput } from '../context/context.type.js';
import { RejectedEntry } from '../rejected-entry.type.js';
import { type Relation } from '../relation.js';
import { DateTime, JSONObject } from '../scalars.js';
import { User } from '../user/user.type.js';

@ObjectType({ simpleResolvers: true, description: 'What is known of a user beside the history.' })
export class UserProfile {
  @Field(() => Context, { description: 'Used for every list of the user; a request may override it.' })
  context!: Context;

  @Field(() => JSONObject)
  attributes!: Attributes;

  @Field(() => DateTime)
  updatedAt!: number;
}

@InputType({ description: 'What is not given stays as it is.' })
export class UserProfileInput {
  @Field(() => ID, { description: '1 to 256 characters.' })
  userId!: string;

  @Field(() => ContextInput, { nullable: true })
  context?: ContextInput;

  @Field(() => JSONObject, { nullable: true, description: 'Added to those there are; null removes one.' })
  attributes?: Attributes;
}

@InputType()
export class UpsertUserProfilesInput {
  @Field(() => [UserProfileInput], { description: 'At most 1,000.' })
  profiles!: UserProfileInput[];
}

@ObjectType({ simpleResolvers: true })
export class UpsertUserProfilesPayload {
  @Field(() => Int)
  accepted!: number;

  @Field(() => [RejectedEntry])
  rejected!: RejectedEntry[];

  @Field({ description: 'Position of the log that holds them.' })
  logPosition!: string;

  @Field(() => [User], { description: 'The users whose profiles were accepted, each once.' })
  users!: Relation<User>[];
}
