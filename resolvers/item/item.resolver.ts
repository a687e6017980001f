import { type GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, ID, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import { acknowledge, type RequestContext } from '../../src/context.js';
import { AttributeChecks, typeProblem } from '../../src/events/attribute-rules.js';
import { type ItemEvent } from '../../src/events/event.js';
import { SIMILAR_ITEMS } from '../../src/engine/scenario.js';
import { demand, demandEntries, firstProblem, idProblem, LIMITS, timeProblem } from '../checks.js';
import { ApiError } from '../errors.js';
import { FilteredPageArgs } from '../recommendation/recommendation.args.js';
import { RecommendationConnection } from '../recommendation/recommendation-connection.type.js';
import { slatePage } from '../recommendation/slate-page.js';
import { ItemsArgs, UpsertItemsInput } from './item.args.js';
import { Item } from './item.type.js';
import { UpsertItemsPayload } from './upsert-items.type.js';

@Resolver(() => Item)
export class ItemResolver {
  @Query(() => Item, { nullable: true, description: 'Null when the item is unknown.' })
  item(@Arg('id', () => ID) id: string, @Ctx() { gateway }: RequestContext): unknown {
    return findItem(id, gateway);
  }

  @Query(() => [Item], { nullable: 'items', description: 'In the order of the ids; null for an unknown one.' })
  items(@Args(() => ItemsArgs) { ids }: ItemsArgs, @Ctx() { gateway }: RequestContext): unknown {
    if (ids.length > LIMITS.itemIds) {
      throw new ApiError('TOO_MANY_IDS', `${ids.length} ids; items takes at most ${LIMITS.itemIds}`);
    }
    return ids.map((id) => findItem(id, gateway));
  }

  @FieldResolver(() => RecommendationConnection, { description: 'What is read after and together with this item.' })
  similar(
    @Root() { id }: Item,
    @Args(() => FilteredPageArgs) args: FilteredPageArgs,
    @Ctx() ctx: RequestContext,
  ): unknown {
    return slatePage(ctx, { scenario: SIMILAR_ITEMS, seedItems: [id] }, args);
  }

  @Mutation(() => UpsertItemsPayload, { description: 'Good entries are kept, bad ones are listed. At most 1,000.' })
  async upsertItems(
    @Arg('input', () => UpsertItemsInput) { items }: UpsertItemsInput,
    @Ctx() ctx: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    demandEntries(items);
    const { gateway, now } = ctx;
    const declaredType = (name: string) => gateway.state.items.declaredType(name);
    const attributes = new AttributeChecks(declaredType);
    const entries: { readonly index: number; readonly event: ItemEvent }[] = [];
    const rejected: UpsertItemsPayload['rejected'] = [];
    items.forEach((item, index) => {
      const problem = firstProblem(
        idProblem('id', item.id),
        timeProblem('publishedAt', item.publishedAt),
        attributes.problem(item.attributes),
      );
      if (problem !== null) rejected.push({ index, ...problem });
      else entries.push({ index, event: itemEvent(item, now) });
    });
    const { position } = await gateway.append(entries.map(({ event }) => event));
    const logPosition = acknowledge(ctx, info, position);
    // Another request may have declared a type in between: an event that it makes wrong has changed nothing.
    const accepted = entries.filter(({ index, event }) => {
      const problem = typeProblem(event.attributes, declaredType);
      if (problem !== null) rejected.push({ index, ...problem });
      return problem === null;
    });
    const ids = [...new Set(accepted.map(({ event }) => event.itemId))];
    return {
      accepted: accepted.length,
      rejected: rejected.sort((a, b) => a.index - b.index),
      logPosition,
      items: ids.map((id) => findItem(id, gateway)),
    };
  }
}

/** The item of this id; null for an unknown one. @throws BAD_ID */
export function findItem(id: string, { state }: RequestContext['gateway']): Item | null {
  demand(idProblem('id', id));
  const index = state.items.find(id);
  return index === -1 ? null : new Item(state, index);
}

function itemEvent(
  { id, attributes, available, publishedAt }: UpsertItemsInput['items'][number],
  at: number,
): ItemEvent {
  return {
    kind: 'item',
    itemId: id,
    attributes: attributes ?? undefined,
    available: available ?? undefined,
    publishedAt: publishedAt ?? undefined,
    at,
  };
}
