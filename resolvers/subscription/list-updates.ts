/**
 * A list, and the list again whenever it has changed: at once after an event of its user, and now and then for what everybody else
 * does. Lists are made when the reader has taken the one before, so a slow reader gets the newest and none in between.
 */
import { setTimeout } from 'node:timers/promises';
import { type RequestContext } from '../../src/context.js';
import { type Snapshot } from '../../src/engine/snapshot.js';
import { type OperationStream } from '../../src/subscriptions/operation-stream.js';
import { type Update } from '../../src/subscriptions/subscribe.js';
import { type RecommendationConnection } from '../recommendation/recommendation-connection.type.js';

/** The list of now, of which nothing is kept yet. */
export type ListOf = (ctx: RequestContext) => RecommendationConnection;

export interface ListUpdate extends Update {
  readonly list: RecommendationConnection;
}

/** The first list is made before it resolves: what is wrong with the arguments is told then. */
export async function listUpdates(
  ctx: RequestContext,
  userId: string,
  listOf: ListOf,
): Promise<AsyncGenerator<ListUpdate>> {
  const stream = ctx.stream!;
  const watch = ctx.gateway.changes.watch(userId, stream.signal);
  const started = momentOf(ctx);
  await ctx.gateway.prefetch([userId]);
  const first: ListUpdate = { list: listOf(ctx), context: ctx };
  await first.list.keep();
  return (async function* (): AsyncGenerator<ListUpdate> {
    let shown = first;
    let moment = started;
    for (;;) {
      yield shown;
      const sent = performance.now();
      let changed: ListUpdate | null = null;
      while (changed === null) {
        await watch.changed(stream.pace.refreshMs);
        await pause(sent + stream.pace.gapMs - performance.now(), stream);
        await stream.ready();
        if (stream.signal.aborted) return;
        const context = await stream.renew();
        const now = momentOf(context);
        if (watch.look() || isElsewhere(moment, now)) {
          await context.gateway.prefetch([userId]);
          changed = await changedList(shown, context, listOf);
        }
        moment = now;
      }
      shown = changed;
    }
  })();
}

/** The list, kept, where it is not the one that the reader has; else null. */
async function changedList(shown: ListUpdate, context: RequestContext, listOf: ListOf): Promise<ListUpdate | null> {
  const list = listOf(context);
  if (looks(list) === looks(shown.list)) return null;
  await list.keep();
  return { list, context };
}

/** What a reader sees change: which items stand in which order, and whether the user is known. */
function looks({ nodesHere, segment }: RecommendationConnection): string {
  return JSON.stringify([segment, nodesHere.map(({ item }) => item.index)]);
}

/** What lists are made of, as far as it can change. */
interface Moment {
  readonly position: number;
  readonly snapshot: Snapshot | null;
}

const momentOf = ({ gateway, snapshot }: RequestContext): Moment => ({ position: gateway.state.position, snapshot });

/** Whether anything has happened between two contexts, to whomever. */
function isElsewhere(before: Moment, now: Moment): boolean {
  return before.position !== now.position || before.snapshot !== now.snapshot;
}

async function pause(ms: number, { signal }: OperationStream): Promise<void> {
  // It is aborted when nobody reads any more.
  if (ms > 0) await setTimeout(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
