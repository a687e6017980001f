/** What belongs to a user is for the user's own callers, and for roles that may touch anybody's. */
import { ApiError } from '../../resolvers/errors.js';
import { type RequestContext } from '../context.js';
import { sessionKey } from '../state/session-of.js';
import { OF_ANYBODY } from './authorisation.js';
import { type Caller, hasAny } from './caller.js';

export type Belonging = keyof typeof OF_ANYBODY;

function mayTouch(caller: Caller, userId: string, what: Belonging): boolean {
  return caller.userId === userId || hasAny(caller, OF_ANYBODY[what]);
}

/** Who is asked for is told by the audit log, whoever asks. @throws ApiError NOT_YOUR_USER; it does not say whether there is such a user */
export function demandUser({ caller, trail }: RequestContext, userId: string, what: Belonging): void {
  trail.touch(userId);
  if (!mayTouch(caller, userId, what)) throw notYourUser(`user "${userId}"`);
}

/** A list goes by what was clicked under its session. @throws ApiError NOT_YOUR_USER where anybody else clicked under it */
export function demandSession(ctx: RequestContext, sessionId: string): void {
  if (!hasAny(ctx.caller, OF_ANYBODY.lists) && !isOwnSession(ctx, sessionId))
    throw notYourUser(`session "${sessionId}"`);
}

/** Whether nobody but the caller's user has clicked under the session. */
export function isOwnSession({ caller, gateway }: RequestContext, sessionId: string): boolean {
  const { sessions, users } = gateway.state;
  const owners = sessions.usersOf(sessionKey(sessionId)).map((user) => users.idOf(user));
  // Of a reader who is not kept there is no id: nobody's own.
  return owners.every((owner) => owner !== null && owner === caller.userId);
}

export const notYourUser = (whose: string): ApiError =>
  new ApiError('NOT_YOUR_USER', `${whose} is not what this key or token speaks for`);
