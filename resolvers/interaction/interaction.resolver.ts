import { type GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Info, Mutation, Resolver } from 'type-graphql';
import { acknowledge, type RequestContext } from '../../src/context.js';
import { OF_ANYBODY } from '../../src/identity/authorisation.js';
import { hasAny } from '../../src/identity/caller.js';
import { isOwnSession, notYourUser } from '../../src/identity/own-user.js';
import { type InteractionEvent } from '../../src/events/event.js';
import {
  contextProblem,
  demandEntries,
  firstProblem,
  givenContext,
  idProblem,
  LIMITS,
  type Problem,
  timeProblem,
} from '../checks.js';
import { usersOf } from '../user/user.type.js';
import { type InteractionInput, RecordInteractionsInput } from './interaction.input.js';
import { RecordInteractionsPayload } from './interaction.type.js';

@Resolver()
export class InteractionResolver {
  @Mutation(() => RecordInteractionsPayload, {
    description:
      'Durable when it answers. Good entries are kept, bad ones are listed; the same id twice counts once. At most 1,000.',
  })
  async recordInteractions(
    @Arg('input', () => RecordInteractionsInput) { interactions }: RecordInteractionsInput,
    @Ctx() ctx: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    demandEntries(interactions);
    const events: InteractionEvent[] = [];
    const rejected: RecordInteractionsPayload['rejected'] = [];
    interactions.forEach((interaction, index) => {
      const problem = firstProblem(problemOf(interaction, ctx.now), foreignProblem(interaction, ctx));
      if (problem !== null) rejected.push({ index, ...problem });
      else events.push(eventOf(interaction, ctx.now));
    });
    events.forEach(({ userId }) => ctx.trail.touch(userId));
    const { position, positions } = await ctx.gateway.append(events);
    const logPosition = acknowledge(ctx, info, position);
    const duplicates = positions.filter((one) => one === null).length;
    return {
      accepted: events.length - duplicates,
      duplicates,
      rejected,
      logPosition,
      users: usersOf(events.map(({ userId }) => userId)),
    };
  }
}

/** What a caller that records for its own user alone may not say: it would count for everybody. */
function foreignProblem({ userId, itemId, sessionId, weight }: InteractionInput, ctx: RequestContext): Problem | null {
  if (hasAny(ctx.caller, OF_ANYBODY.recording)) return null;
  const { items } = ctx.gateway.state;
  const another =
    ctx.caller.userId !== userId
      ? `user "${userId}"`
      : sessionId != null && !isOwnSession(ctx, sessionId)
        ? `session "${sessionId}"`
        : null;
  if (another !== null) {
    ctx.trail.touch(userId);
    return { code: 'NOT_YOUR_USER', message: notYourUser(another).message };
  }
  if (items.find(itemId) === -1) return { code: 'UNKNOWN_ITEM', message: `there is no item "${itemId}"` };
  if (weight != null && weight > 1) return { code: 'BAD_WEIGHT', message: `weight is ${weight}; clients give up to 1` };
  return null;
}

function problemOf(given: InteractionInput, now: number): Problem | null {
  const { weight, rank } = given;
  return firstProblem(
    idProblem('id', given.id),
    idProblem('userId', given.userId),
    idProblem('itemId', given.itemId),
    idProblem('sessionId', given.sessionId),
    idProblem('recommendationId', given.recommendationId),
    timeProblem('at', given.at, now),
    contextProblem(given.context),
    weight == null || (weight > 0 && weight <= LIMITS.weight)
      ? null
      : { code: 'BAD_WEIGHT', message: `weight is ${weight}; it must be above 0 and at most ${LIMITS.weight}` },
    rank == null || (rank >= 1 && rank <= LIMITS.first)
      ? null
      : { code: 'BAD_RANK', message: `rank is ${rank}; it must be between 1 and ${LIMITS.first}` },
  );
}

function eventOf(given: InteractionInput, now: number): InteractionEvent {
  return {
    kind: 'interaction',
    id: given.id ?? undefined,
    userId: given.userId,
    itemId: given.itemId,
    type: given.type ?? 'CLICK',
    weight: given.weight ?? undefined,
    at: given.at ?? now,
    sessionId: given.sessionId ?? undefined,
    context: givenContext(given.context),
    recommendationId: given.recommendationId ?? undefined,
    rank: given.rank ?? undefined,
  };
}
