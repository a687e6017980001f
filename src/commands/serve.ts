/** `recograph serve`: opens the data folder, listens, follows the log, and on SIGTERM or SIGINT lets running requests end. */
import closeWithGrace from 'close-with-grace';
import { pino, type Logger } from 'pino';
import { type Config, ConfigError } from '../config.js';
import { type SnapshotStore } from '../artifacts/snapshot-store.js';
import { type Gateway } from '../gateway.js';
import { usesBlobStorage } from '../open-artifacts.js';
import { type OpenGateway, openGateway } from '../open-gateway.js';
import { type Server, startServer } from '../server.js';
import { SnapshotReader } from '../snapshot-reader.js';
import { RepeatedTraining } from './repeated-training.js';
import { openSnapshots } from './snapshots.js';

export interface Running {
  readonly server: Server;
  readonly open: OpenGateway;
  readonly logger: Logger;
  /** Called before the server drains: what else runs stops here. */
  onClose(stop: () => Promise<void>): void;
}

export interface ServeOptions {
  /** Sees the open gateway before anybody can ask it. */
  readonly prepare?: (gateway: Gateway) => Promise<void>;
  readonly training?: TrainingSchedule;
  /** Number of this process among those of a primary; null: it is the only one. */
  readonly worker?: number | null;
  /** One that may have begun to read. */
  readonly reader?: SnapshotReader;
}

export interface TrainingSchedule {
  readonly everyMs: number;
  /** What trains; see `trainingCommandLine`. */
  readonly command: readonly [string, ...string[]];
}

/** Errors of the system over the address to listen on, and what they say of the settings. */
const ADDRESS_PROBLEMS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another process listens there',
  EACCES: 'this user may not listen there',
  EADDRNOTAVAIL: 'the address is none of this machine',
  ENOTFOUND: 'the name has no address',
  EAI_AGAIN: 'the name has no address now',
};

/** One run of `recograph train` over this data, by the command line whose main file is given. */
export function trainingCommandLine(config: Config, main: string): TrainingSchedule['command'] {
  const command = [process.execPath, main, 'train', '--data', config.dataFolder] as const;
  // What the child is told by the environment it would not look for in a folder.
  return usesBlobStorage(config) ? command : [...command, '--snapshots', config.snapshotsFolder];
}

/** Serves until a signal comes; resolves once it listens. */
export async function serve(
  config: Config,
  { prepare, training, worker = null, reader = new SnapshotReader(config) }: ServeOptions = {},
): Promise<Running> {
  const logger = pino({ level: config.logLevel, base: worker === null ? null : { worker, pid: process.pid } });
  const open = await openGateway(config, (message) => logger.warn(message), {
    onSwap: (snapshot) => logger.info({ snapshot: snapshot?.id ?? null }, 'lists are made with another snapshot'),
    reader,
  });
  await prepare?.(open.gateway);
  // A large snapshot takes as long to be read as the rest of the server to be put together.
  const ready = open.follow();
  const server = await startServer({ ...open, config, ready, worker, logger }).catch(
    async (error: NodeJS.ErrnoException) => {
      await open.close();
      throw addressProblem(error, config);
    },
  );
  const warning = open.gateway.durability?.warning;
  if (warning != null) logger.warn(open.gateway.durability!.settings, warning);
  const stops: (() => Promise<void>)[] = [];
  if (training !== undefined) {
    const repeated = await repeatTraining(config, training, logger);
    stops.push(() => repeated.stop());
  }
  // With a manifest SIGHUP asks for it to be read again; a terminal's SIGINT reaches the primary too, which ends its workers.
  const skip: NodeJS.Signals[] = config.persistedManifest === null && worker === null ? [] : ['SIGHUP'];
  if (worker !== null) {
    skip.push('SIGINT');
    process.on('SIGINT', () => undefined).on('SIGHUP', () => undefined);
  }
  closeWithGrace({ delay: config.drainDelayMs + config.drainMs, skip: skip as never }, async ({ err, signal }) => {
    if (err !== undefined) logger.fatal({ error: err.message, stack: err.stack }, 'the process failed');
    else logger.info({ signal }, 'draining');
    for (const stop of stops) await stop();
    await server.drain();
    await open.close();
    logger.info('closed');
  });
  logger.info({ url: server.url, position: open.follower.state.position, data: config.dataFolder }, 'serving');
  return { server, open, logger, onClose: (stop) => stops.push(stop) };
}

/** Trains so often, until it is stopped. */
export async function repeatTraining(
  config: Config,
  training: TrainingSchedule,
  logger: Logger,
): Promise<RepeatedTraining> {
  const firstInMs = await firstTrainingIn(training.everyMs, openSnapshots(config));
  return new RepeatedTraining({ ...training, firstInMs, logger });
}

/** Counted from the newest snapshot, so that a restart trains no sooner; at once where there is none. */
async function firstTrainingIn(everyMs: number, store: SnapshotStore): Promise<number> {
  const snapshots = await store.list().catch(() => []);
  const newest = snapshots.find(({ manifest }) => manifest !== null)?.manifest?.createdAt ?? -Infinity;
  return Math.min(everyMs, Math.max(0, newest + everyMs - Date.now()));
}

function addressProblem(error: NodeJS.ErrnoException, { host, port }: Config): Error {
  const problem = ADDRESS_PROBLEMS[error.code ?? ''];
  return problem === undefined ? error : new ConfigError(`HOST="${host}", PORT="${port}": ${problem} (${error.code})`);
}
