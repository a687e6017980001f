/** Opens a data folder: the log, the state folded to its end, the engine over it. What is opened first is closed last. */
import { join } from 'node:path';
import { type Config } from './config.js';
import { createEngine } from './engine/recommend.js';
import { type Snapshot } from './engine/snapshot.js';
import { Erasures, FORGET_EVENT_KEEPS_ID_MS } from './erasures.js';
import { type EventLog, type Position } from './events/log.js';
import { RedisArchive } from './events/redis-archive.js';
import { trimArchived } from './events/trim-archived.js';
import { FolderErasureNotes } from './folder-erasure-notes.js';
import { Gateway } from './gateway.js';
import { openArtifacts, usesBlobStorage } from './open-artifacts.js';
import { openLog, openRedis } from './open-log.js';
import { openSlates, openUserRecords } from './open-stores.js';
import { type RedisConnection } from './remote/redis.js';
import { RemoteCalls } from './remote/remote-calls.js';
import { RedisErasureNotes } from './redis-erasure-notes.js';
import { SnapshotKeeper } from './snapshot-keeper.js';
import { type SnapshotReader } from './snapshot-reader.js';
import { Follower } from './state/follower.js';

const ERASURES_EVERY_MS = 1_000;

export interface OpenGateway {
  readonly gateway: Gateway;
  readonly log: EventLog;
  readonly follower: Follower;
  readonly snapshots: SnapshotKeeper;
  /** Null where everything is in the data folder. */
  readonly redis: RedisConnection | null;
  /** Told of by every connection to a remote service. */
  readonly remoteCalls: RemoteCalls;
  /**
   * From now on folds what other processes append, uses the snapshot that is to be used, and goes on with what is due or
   * left undone in the folder. Resolves when the first snapshot, where there is one, is in use.
   */
  follow(): Promise<void>;
  /** Leaves a checkpoint and closes everything. */
  close(): Promise<void>;
}

/** What only one who serves needs. */
export interface ServingOptions {
  /** Told of each snapshot put into use; null: there is none any more. */
  readonly onSwap?: (snapshot: Snapshot | null) => void;
  /** Reads snapshots instead of the store itself. */
  readonly reader?: SnapshotReader;
}

/** @throws NetworkShareError, LogUnavailableError, MissingPackageError */
export async function openGateway(
  config: Config,
  onProblem: (message: string) => void,
  serving: ServingOptions = {},
): Promise<OpenGateway> {
  const remoteCalls = new RemoteCalls();
  const redis = await openRedis(config, { onProblem, onCall: remoteCalls.tell });
  try {
    return await openParts({ config, redis, remoteCalls, onProblem, serving });
  } catch (error) {
    // Its connection would keep the process.
    await redis?.close();
    throw error;
  }
}

interface Parts {
  readonly config: Config;
  readonly redis: RedisConnection | null;
  readonly remoteCalls: RemoteCalls;
  readonly onProblem: (message: string) => void;
  readonly serving: ServingOptions;
}

/** Checkpoints in the data folder are those of one server: they can't tell what others still need. */
function trimmingOf({
  config,
  redis,
  log,
  onProblem,
}: Omit<Parts, 'remoteCalls' | 'serving'> & { readonly log: EventLog }): (oldest: Position) => Promise<void> {
  if (config.logTrim === 'off') return () => Promise.resolve();
  if (redis === null || !usesBlobStorage(config)) {
    onProblem('LOG_TRIM is for an event log in Redis with checkpoints in Blob Storage: nothing is trimmed');
    return () => Promise.resolve();
  }
  const archive = new RedisArchive({ redis });
  return async (oldest) => trimArchived(log, { oldest, archived: await archive.archivedUpTo() });
}

async function openParts({ config, redis, remoteCalls, onProblem, serving }: Parts): Promise<OpenGateway> {
  const { dataFolder } = config;
  const told = { onProblem, onCall: remoteCalls.tell };
  const artifacts = await openArtifacts(config, told);
  const log = await openLog(config, redis, onProblem);
  const users = await openUserRecords(config, redis);
  const checkpoints = artifacts.checkpointsOf(log);
  const follower = await Follower.open({
    log,
    records: users.records,
    settings: config.state,
    checkpoints,
    checkpointEvery: config.checkpointEvery,
    onCheckpoint: trimmingOf({ config, redis, log, onProblem }),
    onProblem,
  });
  const now = (): number => Date.now();
  const slates = openSlates(config, redis);
  const erasures = new Erasures({
    notes:
      redis === null
        ? new FolderErasureNotes(join(dataFolder, 'erasures'), FORGET_EVENT_KEEPS_ID_MS, now)
        : new RedisErasureNotes({ redis }),
    replays: join(dataFolder, 'replay'),
    trainings: join(dataFolder, 'training'),
    log,
    follower,
    slates,
    now,
    onProblem,
  });
  await erasures.resume();
  const clock = (): number => performance.now();
  const engine = createEngine({ clock });
  const { onSwap, reader } = serving;
  const snapshots = new SnapshotKeeper({
    store: reader?.over(artifacts.snapshots, told) ?? artifacts.snapshots,
    engine,
    get state() {
      return follower.state;
    },
    scenario: config.scenarios[0]!,
    now,
    clock,
    rankersKeptMs: config.slateTtlMs,
    onProblem,
    ...(onSwap && { onSwap }),
  });
  const gateway = new Gateway({
    log,
    follower,
    erasures,
    engine,
    slates,
    snapshots,
    scenarios: config.scenarios,
    budgetMs: config.budgetMs,
    consistencyWaitMs: config.consistencyWaitMs,
    clock,
  });
  return {
    gateway,
    log,
    follower,
    snapshots,
    redis,
    remoteCalls,
    async follow() {
      follower.follow(config.pollMs);
      erasures.follow(ERASURES_EVERY_MS);
      await snapshots.look();
      snapshots.follow(config.snapshotPollMs);
    },
    async close() {
      await snapshots.close();
      await erasures.close();
      await follower.close();
      // A replica that can't say so any more has its turn to write ended by the service.
      await checkpoints.close().catch((error: Error) => onProblem(error.message));
      await slates.close();
      await users.close();
      await log.close();
      await redis?.close();
    },
  };
}
