/**
 * What one GraphQL operation carries: its time, its snapshot, and the loaders that gather whatever its fields ask for into one read a
 * store and one batch for the engine.
 */
import DataLoader from 'dataloader';
import { type GraphQLResolveInfo } from 'graphql';
import { type Slate } from './engine/slate.js';
import { type Snapshot } from './engine/snapshot.js';
import { type Event } from './events/event.js';
import { type Position } from './events/log.js';
import { type Gateway, type ListRequest } from './gateway.js';
import { type RequestSignal } from './http/request-signal.js';
import { type Caller } from './identity/caller.js';
import { limitKeyOf } from './identity/limit-key.js';
import { Trail } from './telemetry/trail.js';
import { copyHistory } from './state/histories.js';
import { type OperationStream } from './subscriptions/operation-stream.js';
import { type UserView } from './state/users.js';

export interface RequestContext {
  readonly gateway: Gateway;
  /** When the operation began, ms: every field of it sees the same time. */
  readonly now: number;
  /** The one in use when the operation began: every list of it is made with this one, whatever is swapped meanwhile. */
  readonly snapshot: Snapshot | null;
  readonly loaders: Loaders;
  readonly caller: Caller;
  /** Whom limits count for. */
  readonly limitKey: string;
  /** Filled while the operation runs: what logs and audit tell of it. */
  readonly trail: Trail;
  /** Tells when nobody waits for the answer any more; without it, somebody does. */
  readonly request: RequestSignal | undefined;
  /** Headers that the answer gets; plugins and resolvers add to them. */
  readonly responseHeaders: Map<string, string>;
  /** Mutations of the operation that are durable, in their order; null: none yet. */
  acknowledged: readonly Acknowledged[] | null;
  /** Only where values can be sent one after the other. */
  readonly stream?: OperationStream;
}

/** A mutation that is done, whatever becomes of the answer. */
export interface Acknowledged {
  /** As in the answer. */
  readonly path: readonly [string];
  /** The log holds what it recorded up to here. */
  readonly logPosition: string;
}

export interface Loaders {
  readonly users: DataLoader<string, UserView | null>;
  readonly slates: DataLoader<ListRequest, Slate, string>;
  readonly stored: DataLoader<string, Slate | null>;
  readonly events: DataLoader<Position, Event | null>;
}

/** Who asks, and until when the answer is waited for. */
export interface Asked {
  readonly caller: Caller;
  /** Where the request comes from. */
  readonly address?: string;
  readonly request?: RequestSignal;
}

export function createContext(gateway: Gateway, now: number, asked: Asked): RequestContext {
  const { caller, request } = asked;
  const limitKey = limitKeyOf(caller, asked.address ?? '');
  const { snapshot } = gateway;
  const trail = new Trail();
  const loaders = createLoaders({ gateway, snapshot, trail, isOver: request?.isOver });
  const responseHeaders = new Map<string, string>();
  return { gateway, now, snapshot, loaders, caller, limitKey, request, trail, responseHeaders, acknowledged: null };
}

/** What an operation of a batch has for itself: its time, and the lists that end with it. */
export function ownOf({
  gateway,
  snapshot,
  trail,
  request,
}: RequestContext): Pick<RequestContext, 'request' | 'loaders'> {
  const own = request?.another();
  return { request: own, loaders: createLoaders({ gateway, snapshot, trail, isOver: own?.isOver }) };
}

/** Nothing that was loaded before answers fields from now on: the state has moved on, and they must see it. */
export function clearLoaders({ loaders: { users, slates, stored } }: RequestContext): void {
  for (const loader of [users, slates, stored]) loader.clearAll();
}

/**
 * Called when what a mutation does is durable. It is acknowledged even where the answer loses its payload, and the fields below it must
 * see its effect: nothing loaded before may answer them. @returns the position as clients are told it
 */
export function acknowledge(context: RequestContext, { path }: GraphQLResolveInfo, position: Position): string {
  clearLoaders(context);
  const logPosition = String(position);
  context.acknowledged = [...(context.acknowledged ?? []), { path: [String(path.key)], logPosition }];
  return logPosition;
}

interface LoaderParts {
  readonly gateway: Gateway;
  readonly snapshot: Snapshot | null;
  readonly trail: Trail;
  readonly isOver: (() => boolean) | undefined;
}

function createLoaders({ gateway, snapshot, trail, isOver }: LoaderParts): Loaders {
  return {
    users: new DataLoader(async (ids) => {
      ids.forEach((id) => trail.touch(id));
      const asked = gateway.prefetch(ids);
      if (asked !== null) await asked;
      return readUsers(gateway, ids);
    }),
    slates: new DataLoader(
      async (requests) => {
        const slates = await gateway.recommend(requests, snapshot, isOver);
        for (const slate of slates) if (!(slate instanceof Error)) trail.made(slate);
        return slates;
      },
      { cacheKeyFn: requestKey },
    ),
    stored: new DataLoader((ids) => gateway.stored(ids)),
    events: new DataLoader((positions) => gateway.events(positions)),
  };
}

/**
 * The users in one read, detached from the state: fields read them later, when it has moved on. Null: unknown, or not to be read
 * now.
 */
function readUsers({ state: { users, position } }: Gateway, ids: readonly string[]): (UserView | null)[] {
  const atHand = ids.filter((id) => users.isAtHand(id));
  const views = users.read(atHand, position);
  return ids.map((id) => {
    const view = views[atHand.indexOf(id)] ?? null;
    return view === null ? null : { ...view, history: copyHistory(view.history) };
  });
}

function requestKey({ scenario, ...request }: ListRequest): string {
  return JSON.stringify([scenario.name, request]);
}
