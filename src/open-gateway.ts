/** Opens a data folder: the log, the state folded to its end, the engine over it. What is opened first is closed last. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FilesSnapshotStore } from './artifacts/files-snapshot-store.js';
import { type Config } from './config.js';
import { createEngine } from './engine/recommend.js';
import { type Snapshot } from './engine/snapshot.js';
import { Erasures, FORGET_EVENT_KEEPS_ID_MS } from './erasures.js';
import { openLmdbLog } from './events/lmdb-log.js';
import { type EventLog } from './events/log.js';
import { FolderErasureNotes } from './folder-erasure-notes.js';
import { Gateway } from './gateway.js';
import { openSlates } from './open-stores.js';
import { LmdbUserRecords } from './profiles/lmdb-user-records.js';
import { RedisConnection } from './remote/redis.js';
import { SnapshotKeeper } from './snapshot-keeper.js';
import { settingsKey } from './state/checkpoint.js';
import { Follower } from './state/follower.js';

const ERASURES_EVERY_MS = 1_000;

export interface OpenGateway {
  readonly gateway: Gateway;
  readonly log: EventLog;
  readonly follower: Follower;
  readonly snapshots: SnapshotKeeper;
  /** Null where everything is in the data folder. */
  readonly redis: RedisConnection | null;
  /**
   * From now on folds what other processes append, uses the snapshot that is to be used, and goes on with what is due or
   * left undone in the folder. Resolves when the first snapshot, where there is one, is in use.
   */
  follow(): Promise<void>;
  /** Leaves a checkpoint and closes everything. */
  close(): Promise<void>;
}

type OnSwap = (snapshot: Snapshot | null) => void;

/** @throws NetworkShareError, LogUnavailableError */
export async function openGateway(
  config: Config,
  onProblem: (message: string) => void,
  onSwap?: OnSwap,
): Promise<OpenGateway> {
  const redis = await openRedis(config, onProblem);
  try {
    return await openParts(config, redis, onProblem, onSwap);
  } catch (error) {
    // Its connection would keep the process.
    await redis?.close();
    throw error;
  }
}

async function openParts(
  config: Config,
  redis: RedisConnection | null,
  onProblem: (message: string) => void,
  onSwap?: OnSwap,
): Promise<OpenGateway> {
  const { dataFolder } = config;
  const log = openLmdbLog({ folder: join(dataFolder, 'log'), duplicateWindow: config.duplicateWindow });
  await mkdir(join(dataFolder, 'users'), { recursive: true });
  const records = new LmdbUserRecords({ folder: join(dataFolder, 'users'), settings: settingsKey(config.state) });
  const follower = await Follower.open({
    log,
    records,
    settings: config.state,
    checkpoints: join(dataFolder, 'checkpoints'),
    checkpointEvery: config.checkpointEvery,
    onProblem,
  });
  const now = (): number => Date.now();
  const slates = openSlates(config, redis);
  const erasures = new Erasures({
    notes: new FolderErasureNotes(join(dataFolder, 'erasures'), FORGET_EVENT_KEEPS_ID_MS, now),
    replays: join(dataFolder, 'replay'),
    trainings: join(dataFolder, 'training'),
    log,
    follower,
    records,
    slates,
    now,
    onProblem,
  });
  await erasures.resume();
  const clock = (): number => performance.now();
  const engine = createEngine({ clock });
  const snapshots = new SnapshotKeeper({
    store: new FilesSnapshotStore(config.snapshotsFolder),
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
    clock,
  });
  return {
    gateway,
    log,
    follower,
    snapshots,
    redis,
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
      await slates.close();
      await records.close();
      await log.close();
      await redis?.close();
    },
  };
}

/** Where Redis is away the start goes on: what needs it says so when it is asked. */
async function openRedis(config: Config, onProblem: (message: string) => void): Promise<RedisConnection | null> {
  if (config.redisUrl === null) return null;
  const redis = new RedisConnection({ url: config.redisUrl, timeoutMs: config.redisTimeoutMs, onProblem });
  await redis.connected();
  return redis;
}
