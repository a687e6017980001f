import { type GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Int,
  Info,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { acknowledge, type RequestContext } from '../../src/context.js';
import { FORGET_EVENT_KEEPS_ID_MS } from '../../src/erasures.js';
import { demandUser } from '../../src/identity/own-user.js';
import { contextProblem, demand, givenContext, idProblem, LIMITS, pageSize } from '../checks.js';
import { ContextInput } from '../context/context.type.js';
import { ApiError } from '../errors.js';
import { InteractionConnection } from '../interaction/interaction.type.js';
import { historyPage } from '../interaction/history-page.js';
import { UserProfile } from '../profile/profile.type.js';
import { PageArgs, UserListArgs } from '../recommendation/recommendation.args.js';
import { RecommendationConnection } from '../recommendation/recommendation-connection.type.js';
import { scenarioOf, slatePage } from '../recommendation/slate-page.js';
import { StageName } from '../recommendation/stage-name.js';
import { ForgetUserInput, ForgetUserPayload, MergeUsersInput, MergeUsersPayload } from './identity.type.js';
import { StageCandidate } from './stage-candidate.type.js';
import { stageCandidates } from './stage-candidates.js';
import { UserSegment } from './user-segment.js';
import { User } from './user.type.js';

@ArgsType()
class StageArgs {
  @Field(() => StageName)
  name!: StageName;

  @Field(() => ContextInput, { nullable: true })
  context?: ContextInput;

  @Field(() => Int, { nullable: true, description: '1 to 100; 10 where it is not given.' })
  first?: number;
}

@Resolver(() => User)
export class UserResolver {
  @Query(() => User, { description: 'A user; one never seen before is a cold user, not an error.' })
  user(@Arg('id', () => ID) id: string): unknown {
    demand(idProblem('id', id));
    return new User(id);
  }

  @Query(() => [User], { description: 'In the order of the ids. At most 100.' })
  users(@Arg('ids', () => [ID]) ids: string[]): unknown {
    if (ids.length > LIMITS.userIds) {
      throw new ApiError('TOO_MANY_IDS', `${ids.length} ids; users takes at most ${LIMITS.userIds}`);
    }
    ids.forEach((id) => demand(idProblem('id', id)));
    return ids.map((id) => new User(id));
  }

  @Query(() => User, {
    nullable: true,
    description: 'The user that the key or token speaks for; null where it speaks for none.',
  })
  viewer(@Ctx() { caller }: RequestContext): unknown {
    return caller.userId === null ? null : new User(caller.userId);
  }

  @FieldResolver(() => UserSegment)
  async segment(@Root() { id }: User, @Ctx() ctx: RequestContext): Promise<unknown> {
    demandUser(ctx, id, 'lists');
    const view = await ctx.loaders.users.load(id);
    return (view?.interactions ?? 0) > 0 ? 'WARM' : 'COLD';
  }

  @FieldResolver(() => UserProfile, { nullable: true })
  async profile(@Root() { id }: User, @Ctx() ctx: RequestContext): Promise<unknown> {
    demandUser(ctx, id, 'lists');
    return (await ctx.loaders.users.load(id))?.profile ?? null;
  }

  @FieldResolver(() => InteractionConnection, {
    description:
      'What the user did, newest first, as far as it is kept (HISTORY_LENGTH); impressions are only counted.',
  })
  history(@Root() { id }: User, @Args(() => PageArgs) args: PageArgs, @Ctx() ctx: RequestContext): unknown {
    demandUser(ctx, id, 'history');
    return historyPage(ctx, id, args);
  }

  @FieldResolver(() => RecommendationConnection)
  recommendations(
    @Root() { id }: User,
    @Args(() => UserListArgs) { sessionId, context, scenario, ...page }: UserListArgs,
    @Ctx() ctx: RequestContext,
  ): unknown {
    return slatePage(ctx, { userId: id, sessionId, context, scenario: scenarioOf(ctx, scenario) }, page);
  }

  @FieldResolver(() => [StageCandidate], {
    description:
      'What one stage alone would retrieve or how it would order; for debugging. Sources unfiltered, the rest filtered.',
  })
  async stage(
    @Root() { id }: User,
    @Args(() => StageArgs) { name, context, first }: StageArgs,
    @Ctx() ctx: RequestContext,
  ): Promise<unknown> {
    demandUser(ctx, id, 'lists');
    const size = pageSize(first);
    demand(contextProblem(context));
    const { gateway, now, snapshot } = ctx;
    const request = {
      userId: id,
      sessionId: null,
      seedItems: null,
      context: givenContext(context) ?? null,
      filter: null,
      now,
    };
    const asked = { ...request, scenario: scenarioOf(ctx, null) };
    await gateway.prefetch([id]);
    const inspection = gateway.inspect(asked, snapshot, ctx.request?.isOver);
    return stageCandidates(name, inspection, gateway.state, size);
  }

  @Mutation(() => MergeUsersPayload, {
    description: 'The first user’s history becomes the second’s: an anonymous visitor signed in.',
  })
  async mergeUsers(
    @Arg('input', () => MergeUsersInput) { fromUserId, intoUserId }: MergeUsersInput,
    @Ctx() ctx: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    demand(idProblem('fromUserId', fromUserId));
    demand(idProblem('intoUserId', intoUserId));
    if (fromUserId === intoUserId) throw new ApiError('SAME_USER', `"${fromUserId}" can’t be merged into itself`);
    ctx.trail.touch(fromUserId);
    ctx.trail.touch(intoUserId);
    const { position } = await ctx.gateway.append([{ kind: 'merge', fromUserId, intoUserId, at: ctx.now }]);
    const logPosition = acknowledge(ctx, info, position);
    return { user: new User(intoUserId), logPosition };
  }

  @Mutation(() => ForgetUserPayload, {
    description: 'Erases what is known of a user, and says what is gone and what is due when.',
  })
  async forgetUser(
    @Arg('input', () => ForgetUserInput) { userId }: ForgetUserInput,
    @Ctx() ctx: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    demand(idProblem('userId', userId));
    ctx.trail.touch(userId);
    const { position, ...erased } = await ctx.gateway.forget(userId, ctx.now);
    const logPosition = acknowledge(ctx, info, position);
    const pending = [
      `after ${FORGET_EVENT_KEEPS_ID_MS / 1_000} s, by whichever process serves the folder then: the log’s note of this erasure loses the id, when every process has folded it`,
      'as they decay, by half within a day at the longest: the anonymous counts of clicks',
    ];
    return { userId, erased, pending, logPosition };
  }
}
