/** One page of a user's history, newest first. What state does not keep of an interaction is read from the log, for all in one read. */
import { type RequestContext } from '../../src/context.js';
import { type Event } from '../../src/events/event.js';
import { type HistoryEntry, entryAt, interactionType } from '../../src/state/histories.js';
import { pageSize } from '../checks.js';
import { Item } from '../item/item.type.js';
import { badCursor, decodeHistoryCursor, encodeCursor } from '../paging/cursor.js';
import { knowPosition } from '../paging/know-position.js';
import { type Page } from '../recommendation/slate-page.js';
import { type Interaction, type InteractionConnection } from './interaction.type.js';

/** Pages go on from the interaction that the cursor names, whatever has been recorded since. @throws FIRST_OUT_OF_RANGE, BAD_CURSOR, BAD_POSITION, NOT_YET_CONSISTENT */
export async function historyPage(
  ctx: RequestContext,
  userId: string,
  { first, after, consistentWith }: Omit<Page, 'filter'>,
): Promise<InteractionConnection> {
  const { loaders, gateway } = ctx;
  const size = pageSize(first);
  if (consistentWith != null) await knowPosition(ctx, consistentWith);
  const history = (await loaders.users.load(userId))?.history;
  const length = history?.length ?? 0;
  const newestFirst = Array.from({ length }, (_, at) => entryAt(history!, length - 1 - at));
  const from = after == null ? 0 : placeAfter(newestFirst, decodeHistoryCursor(after));
  const page = newestFirst.slice(from, from + size);
  const events = await loaders.events.loadMany(page.map(({ position }) => position));
  const nodes = page.map((entry, at) => interactionOf(entry, events[at], gateway));
  const edges = nodes.map((node, at) => ({ node, cursor: encodeCursor(['history', page[at]!.position]) }));
  return {
    nodes,
    edges,
    pageInfo: {
      hasNextPage: from + page.length < length,
      hasPreviousPage: from > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/** @throws BAD_CURSOR where the history no longer holds the interaction */
function placeAfter(newestFirst: readonly HistoryEntry[], position: number): number {
  const place = newestFirst.findIndex((entry) => entry.position === position);
  if (place === -1) throw badCursor('the history does not hold the interaction of this cursor');
  return place + 1;
}

function interactionOf(
  entry: HistoryEntry,
  event: Event | Error | null | undefined,
  { state }: RequestContext['gateway'],
): Interaction {
  if (event instanceof Error) throw event;
  const known = event?.kind === 'interaction' ? event : null;
  return {
    id: known?.id ?? String(entry.position),
    item: new Item(state, entry.item),
    type: interactionType(entry.type),
    at: entry.at,
    sessionId: known?.sessionId ?? null,
    context: known?.context ?? state.contexts.context(entry.context),
    recommendationId: known?.recommendationId ?? null,
  };
}
