import { Field, Float, ID, InputType, Int } from 'type-graphql';
import { ContextInput } from '../context/context.type.js';
import { DateTime } from '../scalars.js';
import { InteractionType } from './interaction-type.js';

@InputType()
export class InteractionInput {
  @Field(() => ID, { nullable: true, description: 'The same id twice counts once, within DUPLICATE_WINDOW ids.' })
  id?: string;

  @Field(() => ID, { description: '1 to 256 characters.' })
  userId!: string;

  @Field(() => ID, { description: '1 to 256 characters; an unknown item is created, available.' })
  itemId!: string;

  @Field(() => InteractionType, { nullable: true, defaultValue: InteractionType.CLICK })
  type?: InteractionType;

  @Field(() => Float, {
    nullable: true,
    description: 'Multiplies the type’s weight: above 0, up to 1000; 1 where it is not given.',
  })
  weight?: number;

  @Field(() => DateTime, { nullable: true, description: 'Now where it is not given; at most 5 minutes in the future.' })
  at?: number;

  @Field(() => ID, { nullable: true, description: 'Without one, a gap over 30 minutes ends a session.' })
  sessionId?: string;

  @Field(() => ContextInput, { nullable: true })
  context?: ContextInput;

  @Field(() => ID, { nullable: true, description: 'The list that was answered.' })
  recommendationId?: string;

  @Field(() => Int, { nullable: true, description: 'The place in that list: 1 to 100.' })
  rank?: number;
}

@InputType()
export class RecordInteractionsInput {
  @Field(() => [InteractionInput], { description: 'At most 1,000.' })
  interactions!: InteractionInput[];
}
