import { Field, Int, ObjectType } from 'type-graphql';
import { RejectedEntry } from '../rejected-entry.type.js';
import { type Relation } from '../relation.js';
import { Item } from './item.type.js';

@ObjectType({ simpleResolvers: true })
export class UpsertItemsPayload {
  @Field(() => Int)
  accepted!: number;

  @Field(() => [RejectedEntry])
  rejected!: RejectedEntry[];

  @Field({ description: 'Position of the log that holds them.' })
  logPosition!: string;

  @Field(() => [Item], { description: 'The items that were accepted, each once.' })
  items!: Relation<Item>[];
}
