import { type GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Info, Mutation, Resolver } from 'type-graphql';
import { acknowledge, type RequestContext } from '../../src/context.js';
import { attributesProblem } from '../../src/events/attribute-rules.js';
import { type ProfileEvent } from '../../src/events/event.js';
import { contextProblem, demandEntries, firstProblem, givenContext, idProblem } from '../checks.js';
import { usersOf } from '../user/user.type.js';
import { UpsertUserProfilesInput, UpsertUserProfilesPayload } from './profile.type.js';

@Resolver()
export class ProfileResolver {
  @Mutation(() => UpsertUserProfilesPayload, {
    description: 'Good entries are kept, bad ones are listed. At most 1,000.',
  })
  async upsertUserProfiles(
    @Arg('input', () => UpsertUserProfilesInput) { profiles }: UpsertUserProfilesInput,
    @Ctx() ctx: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    demandEntries(profiles);
    const events: ProfileEvent[] = [];
    const rejected: UpsertUserProfilesPayload['rejected'] = [];
    profiles.forEach(({ userId, context, attributes }, index) => {
      const problem = firstProblem(idProblem('userId', userId), contextProblem(context), attributesProblem(attributes));
      if (problem !== null) rejected.push({ index, ...problem });
      else {
        const given = { context: givenContext(context), attributes: attributes ?? undefined };
        events.push({ kind: 'profile', userId, ...given, at: ctx.now });
      }
    });
    events.forEach(({ userId }) => ctx.trail.touch(userId));
    const { position } = await ctx.gateway.append(events);
    const logPosition = acknowledge(ctx, info, position);
    const users = usersOf(events.map(({ userId }) => userId));
    return { accepted: events.length, rejected, logPosition, users };
  }
}
