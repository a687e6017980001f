/** A real gateway over a log in memory, and operations executed against it as the server would. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { buildGraphQLSchema } from '../../resolvers/index.js';
import { LmdbSlateStore } from '../../src/cache/lmdb-slate-store.js';
import { createContext } from '../../src/context.js';
import { createEngine, type Engine } from '../../src/engine/recommend.js';
import { type Slate } from '../../src/engine/slate.js';
import { type RankerModel } from '../../src/engine/ranker-model.js';
import { type Snapshot } from '../../src/engine/snapshot.js';
import { BUILT_IN_SCENARIOS } from '../../src/engine/scenario.js';
import { Erasures, FORGET_EVENT_KEEPS_ID_MS } from '../../src/erasures.js';
import { type Event } from '../../src/events/event.js';
import { type EventLog } from '../../src/events/log.js';
import { openMemoryLog } from './memory-log.js';
import { FolderErasureNotes } from '../../src/folder-erasure-notes.js';
import { Gateway } from '../../src/gateway.js';
import { createApollo } from '../../src/graphql/apollo.js';
import { authorisedOperations } from '../../src/graphql/authorised-operations.js';
import { type Caller, LOCAL_CALLER } from '../../src/identity/caller.js';
import { MemoryUserRecords } from '../../src/profiles/memory-user-records.js';
import { type UserRecords } from '../../src/profiles/user-records.js';
import { Follower } from '../../src/state/follower.js';
import { DEFAULT_STATE_SETTINGS, type StateSettings } from '../../src/state/state-settings.js';
import { NOON } from './state.js';

export interface TestGateway {
  readonly gateway: Gateway;
  readonly follower: Follower;
  readonly log: EventLog;
  readonly engine: Engine;
  /** The snapshot in use; tests swap it. */
  readonly snapshots: { snapshot: Snapshot | null; rankerOf(id: string): RankerModel | null };
  /** Executes an operation at `now`; errors are those that a client sees. */
  execute(
    query: string,
    variables?: object,
    operationName?: string,
  ): Promise<{ data: any; errors: { message: string; extensions: { code: string } }[] | undefined }>; // eslint-disable-line @typescript-eslint/no-explicit-any -- the shape is the operation's
  /** The clock of operations and slates, ms; tests move it. */
  now: number;
  /** Who asks; everybody's friend unless a test says otherwise. */
  caller: Caller;
}

const opened: { folder: string; slates: LmdbSlateStore<Slate> }[] = [];
afterAll(async () => {
  for (const { folder, slates } of opened) {
    await slates.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

export interface TestGatewayOptions {
  /** Whether operations go through graphql-jit, as they do in the server. */
  readonly compiled?: boolean;
  /** Where users go who leave memory. */
  readonly records?: UserRecords;
  readonly settings?: StateSettings;
}

export async function testGateway(
  events: readonly Event[] = [],
  { compiled = true, records = new MemoryUserRecords(), settings = DEFAULT_STATE_SETTINGS }: TestGatewayOptions = {},
): Promise<TestGateway> {
  const log = openMemoryLog();
  await log.append(events);
  const follower = await Follower.open({ log, records, settings, checkpoints: null });
  const engine = createEngine({ clock: () => 0 });
  const folder = mkdtempSync(join(tmpdir(), 'recograph-gateway-'));
  const test = { now: NOON + 3_600_000, caller: LOCAL_CALLER };
  const now = (): number => test.now;
  const slates = new LmdbSlateStore<Slate>({
    folder: join(folder, 'slates'),
    capacity: 1_000,
    bytes: 100_000_000,
    ttlMs: 600_000,
    clock: now,
  });
  const snapshots: TestGateway['snapshots'] = {
    snapshot: null,
    rankerOf: (id) => (snapshots.snapshot?.id === id ? snapshots.snapshot.ranker : null),
  };
  opened.push({ folder, slates });
  const gateway = new Gateway({
    log,
    follower,
    engine,
    slates,
    snapshots,
    erasures: new Erasures({
      notes: new FolderErasureNotes(join(folder, 'erasures'), FORGET_EVENT_KEEPS_ID_MS, now),
      replays: join(folder, 'replay'),
      trainings: join(folder, 'training'),
      log,
      follower,
      slates,
      now,
      onProblem: () => undefined,
    }),
    scenarios: BUILT_IN_SCENARIOS,
    budgetMs: 0,
    consistencyWaitMs: 100,
    clock: () => test.now,
  });
  const apollo = createApollo({
    schema: buildGraphQLSchema(),
    introspection: true,
    compiled,
    hooks: [authorisedOperations('roles')],
    logger: pino({ level: 'silent' }),
  });
  return Object.assign(test, {
    gateway,
    follower,
    log,
    engine,
    snapshots,
    execute: async (query: string, variables: object = {}, operationName?: string) => {
      const contextValue = createContext(gateway, test.now, { caller: test.caller });
      const { body } = await apollo.executeOperation(
        { query, variables: { ...variables }, ...(operationName !== undefined && { operationName }) },
        { contextValue },
      );
      if (body.kind !== 'single') throw new Error('an operation was answered in parts');
      const { data, errors } = body.singleResult;
      return { data, errors: errors as never };
    },
  });
}
