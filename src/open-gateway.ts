/** Opens a data folder: the log, the state folded to its end, the engine over it. What is opened first is closed last. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LmdbSlateStore } from './cache/lmdb-slate-store.js';
import { type Config } from './config.js';
import { createEngine } from './engine/recommend.js';
import { type Slate } from './engine/slate.js';
import { Erasures } from './erasures.js';
import { openLmdbLog } from './events/lmdb-log.js';
import { type EventLog } from './events/log.js';
import { Gateway } from './gateway.js';
import { LmdbUserRecords } from './profiles/lmdb-user-records.js';
import { settingsKey } from './state/checkpoint.js';
import { Follower } from './state/follower.js';

const ERASURES_EVERY_MS = 1_000;

export interface OpenGateway {
  readonly gateway: Gateway;
  readonly log: EventLog;
  readonly follower: Follower;
  /** From now on folds what other processes append, and goes on with what is due or left undone in the folder. */
  follow(): void;
  /** Leaves a checkpoint and closes everything. */
  close(): Promise<void>;
}

/** @throws NetworkShareError, LogUnavailableError */
export async function openGateway(config: Config, onProblem: (message: string) => void): Promise<OpenGateway> {
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
  const slates = new LmdbSlateStore<Slate>({
    folder: join(dataFolder, 'slates'),
    capacity: config.slateCapacity,
    ttlMs: config.slateTtlMs,
    clock: now,
  });
  const erasures = new Erasures({
    folder: join(dataFolder, 'erasures'),
    replays: join(dataFolder, 'replay'),
    log,
    follower,
    records,
    slates,
    now,
    onProblem,
  });
  await erasures.resume();
  const clock = (): number => performance.now();
  const gateway = new Gateway({
    log,
    follower,
    erasures,
    engine: createEngine({ clock }),
    slates,
    scenarios: config.scenarios,
    budgetMs: config.budgetMs,
    clock,
  });
  return {
    gateway,
    log,
    follower,
    follow() {
      follower.follow(config.pollMs);
      erasures.follow(ERASURES_EVERY_MS);
    },
    async close() {
      await erasures.close();
      await follower.close();
      await slates.close();
      await records.close();
      await log.close();
    },
  };
}
