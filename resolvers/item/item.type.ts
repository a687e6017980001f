import { Field, ID, ObjectType } from 'type-graphql';
import { type Attributes } from '../../src/events/event.js';
import { type LiveState } from '../../src/state/live-state.js';
import { DateTime, JSONObject } from '../scalars.js';

@ObjectType({ simpleResolvers: true, description: 'Something that can be recommended.' })
export class Item {
  /** `index`: the item’s index in state. */
  constructor(
    private readonly state: LiveState,
    readonly index: number,
  ) {}

  @Field(() => ID)
  get id(): string {
    return this.state.items.id(this.index);
  }

  @Field(() => JSONObject, { description: 'The catalogue’s attributes as they were given.' })
  get attributes(): Attributes {
    return this.state.items.attributesOf(this.index);
  }

  @Field({ description: 'Items that are not available are never recommended.' })
  get available(): boolean {
    return this.state.items.isAvailable(this.index);
  }

  @Field(() => DateTime, { nullable: true, description: 'As declared; null where nobody said.' })
  get publishedAt(): number | null {
    return this.state.items.published(this.index);
  }

  @Field(() => DateTime, { nullable: true, description: 'Time of the first event that named the item.' })
  get firstSeenAt(): number | null {
    return this.state.items.firstSeen(this.index);
  }
}
