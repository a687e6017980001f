/** One page of a list: made anew where no cursor is given, else read from the stored slate that the cursor names. */
import { type RequestContext } from '../../src/context.js';
import { compileFilter, type ItemFilter } from '../../src/engine/item-filter.js';
import { type Query } from '../../src/engine/query.js';
import { type Scenario } from '../../src/engine/scenario.js';
import { type Slate } from '../../src/engine/slate.js';
import { type Context } from '../../src/events/event.js';
import { type ListRequest } from '../../src/gateway.js';
import { demandSession, demandUser } from '../../src/identity/own-user.js';
import { contextProblem, demand, givenContext, idProblem, pageSize } from '../checks.js';
import { ApiError } from '../errors.js';
import { knowPosition } from '../paging/know-position.js';
import { badCursor, decodeSlateCursor } from '../paging/cursor.js';
import { RecommendationConnection } from './recommendation-connection.type.js';

/** Whose list it is and how it is made. */
export interface ListOf {
  readonly scenario: Scenario;
  readonly userId?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly context?: Context | undefined;
  readonly seedItems?: readonly string[] | undefined;
}

export interface Page {
  readonly filter?: ItemFilter | undefined;
  readonly first?: number | undefined;
  readonly after?: string | undefined;
  readonly consistentWith?: string | undefined;
}

/** @throws BAD_POSITION, NOT_YET_CONSISTENT, FIRST_OUT_OF_RANGE, BAD_ID, BAD_CONTEXT, NOT_YOUR_USER, BAD_CURSOR, SLATE_EXPIRED and the errors of filters */
export async function slatePage(ctx: RequestContext, list: ListOf, page: Page): Promise<RecommendationConnection> {
  if (page.consistentWith != null) await knowPosition(ctx, page.consistentWith);
  const { gateway, loaders } = ctx;
  const { request, size } = checkedRequest(ctx, list, page);
  if (page.after == null)
    return new RecommendationConnection(gateway, await loaders.slates.load(request), { from: 0, size });
  const { recommendationId, rank } = decodeSlateCursor(page.after);
  const slate = await loaders.stored.load(recommendationId);
  if (slate === null)
    throw new ApiError('SLATE_EXPIRED', 'the list of this cursor is no longer kept; ask without a cursor');
  if (!isSameList(slate, request)) throw badCursor('the cursor belongs to another list');
  if (rank > slate.items.length) throw badCursor();
  return new RecommendationConnection(gateway, slate, { from: rank, size });
}

/** The first page of a list of which nothing is kept: to see what it would be. @throws as slatePage */
export function previewPage(
  ctx: RequestContext,
  list: ListOf,
  page: Pick<Page, 'filter' | 'first'>,
): RecommendationConnection {
  const { gateway, snapshot } = ctx;
  const { request, size } = checkedRequest(ctx, list, page);
  const { slate } = gateway.inspect(request, snapshot, ctx.request?.isOver);
  return new RecommendationConnection(gateway, slate, { from: 0, size });
}

function checkedRequest(
  ctx: RequestContext,
  list: ListOf,
  { filter, first }: Page,
): { readonly request: ListRequest; readonly size: number } {
  const size = pageSize(first);
  demand(idProblem('userId', list.userId));
  demand(idProblem('sessionId', list.sessionId));
  if (list.userId != null) demandUser(ctx, list.userId, 'lists');
  if (list.sessionId != null) demandSession(ctx, list.sessionId);
  demand(contextProblem(list.context));
  const checked = withoutNulls(filter ?? null);
  if (checked !== null) compileFilter(checked, ctx.gateway.state.items);
  const request = {
    userId: list.userId ?? null,
    sessionId: list.sessionId ?? null,
    seedItems: list.seedItems ?? null,
    context: givenContext(list.context) ?? null,
    scenario: list.scenario,
    filter: checked,
    now: ctx.now,
  };
  return { request, size };
}

/** The scenario of this name. @throws UNKNOWN_SCENARIO */
export function scenarioOf({ gateway }: RequestContext, name: string | null | undefined): Scenario {
  const wanted = name ?? 'default';
  const found = gateway.scenarios.find((scenario) => scenario.name === wanted);
  if (found !== undefined) return found;
  const known = gateway.scenarios.map((scenario) => scenario.name).join(', ');
  throw new ApiError('UNKNOWN_SCENARIO', `there is no scenario "${wanted}"; known are ${known}`);
}

/** A page goes on only with the arguments that the list was made with; the context may have changed since. */
function isSameList(
  { asked }: Slate,
  request: Pick<Query, 'userId' | 'sessionId' | 'seedItems' | 'scenario' | 'filter'>,
): boolean {
  const key = ({ userId, sessionId, seedItems, scenario, filter }: typeof request): string =>
    JSON.stringify([userId, sessionId, seedItems, scenario.name, filter]);
  return key(asked.query) === key(request);
}

/** Clients may send null for what they leave out: the engine knows only what is given. */
function withoutNulls(filter: ItemFilter | null): ItemFilter | null {
  if (filter === null) return null;
  return JSON.parse(JSON.stringify(filter, (_key, value: unknown) => value ?? undefined)) as ItemFilter;
}
