/** Opens a data folder: the log, the state folded to its end, the engine over it. What is opened first is closed last. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MemorySlateStore } from './cache/memory-slate-store.js';
import { type Config } from './config.js';
import { createEngine } from './engine/recommend.js';
import { Erasures } from './erasures.js';
import { openLmdbLog } from './events/lmdb-log.js';
import { type EventLog } from './events/log.js';
import { Gateway } from './gateway.js';
import { LmdbUserRecords } from './profiles/lmdb-user-records.js';
import { settingsKey } from './state/checkpoint.js';
import { Follower } from './state/follower.js';

export interface OpenGateway {
  readonly gateway: Gateway;
  readonly log: EventLog;
  readonly follower: Follower;
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
  const erasures = new Erasures({
    folder: join(dataFolder, 'erasures'),
    replays: join(dataFolder, 'replay'),
    log,
    follower,
    records,
    onProblem,
  });
  await erasures.resume();
  const clock = (): number => performance.now();
  const gateway = new Gateway({
    log,
    follower,
    erasures,
    engine: createEngine({ clock }),
    slates: new MemorySlateStore({ capacity: config.slateCapacity, ttlMs: config.slateTtlMs, clock }),
    scenarios: config.scenarios,
    budgetMs: config.budgetMs,
    clock,
  });
  return {
    gateway,
    log,
    follower,
    async close() {
      erasures.close();
      await follower.close();
      await records.close();
      await log.close();
    },
  };
}
