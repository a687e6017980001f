#!/usr/bin/env node
/**
 * The command line. The only reader of the environment; every command gets its settings as data. What only some commands need is
 * loaded by them: it takes a second.
 */
import 'reflect-metadata';
import { Command } from 'commander';
import { durationOf } from './commands/duration.js';
import { giveSigns, WORKER_VARIABLE } from './commands/sign-of-life.js';
import { type Config, ConfigError, readConfig } from './config.js';
import { SnapshotReader } from './snapshot-reader.js';

interface DataOptions {
  readonly data?: string;
}
interface ServeOptions extends DataOptions {
  readonly port?: string;
  readonly host?: string;
  readonly snapshots?: string;
  readonly every?: string;
  readonly processes?: string;
}

/** What packages of telemetry read of the environment by themselves: a name, and that they tell their maker nothing of us. */
process.env['OTEL_SERVICE_NAME'] ??= 'recograph';
process.env['APPLICATION_INSIGHTS_NO_STATSBEAT'] ??= 'true';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const program = new Command('recograph').description('A GraphQL recommendation gateway.').showHelpAfterError();
const DATA = ['--data <folder>', 'data folder (default: RECOGRAPH_DATA, else ./data)'] as const;

program
  .command('start')
  .description('demo data where there is none, a server over it, and a first query with its answer')
  .option(...DATA)
  .action(async (options: DataOptions) => {
    const { start } = await import('./commands/start.js');
    await start(configOf(options), __filename, say);
  });

program
  .command('demo')
  .description('makes the demo world, or brings it up to now, and exits')
  .option(...DATA)
  .action(async (options: DataOptions) => {
    const { demo } = await import('./commands/demo.js');
    await demo(configOf(options), say);
  });

program
  .command('serve')
  .description('serves a data folder; a missing one is created and starts empty')
  .option(...DATA)
  .option('--port <number>', 'port to listen on (default: PORT, else 4000); 0 takes a free one')
  .option('--host <address>', 'address to bind (default: HOST, else 127.0.0.1)')
  .option(
    '--snapshots <folder>',
    'folder of snapshots (default: RECOGRAPH_SNAPSHOTS, else snapshots within the data folder)',
  )
  .option('--processes <number>', 'processes that share the port and the data (default: PROCESSES, else 1)')
  .option('--every <duration>', 'trains in a child process so often, such as 90s, 30m, 6h or 1d (default: never)')
  .action(async (options: ServeOptions) => {
    const config = configOf(options);
    const worker = process.env[WORKER_VARIABLE];
    const isPrimary = worker === undefined && config.processes > 1;
    const everyMs = options.every === undefined ? null : durationOf('--every', options.every);
    const reader = new SnapshotReader(config);
    // What is loaded next takes as long as a large snapshot does.
    if (!isPrimary) reader.begin();
    const { serve, trainingCommandLine } = await import('./commands/serve.js');
    const { serveProcesses } = await import('./commands/serve-processes.js');
    const training = everyMs === null ? undefined : { everyMs, command: trainingCommandLine(config, __filename) };
    // The primary alone trains.
    if (worker !== undefined) {
      await serve(config, { worker: Number(worker), reader });
      giveSigns(config.workerSilenceMs);
    } else if (isPrimary) await serveProcesses(config, training);
    else await serve(config, { reader, ...(training && { training }) });
  });

program
  .command('state')
  .description('position, hash and size of the state of a data folder')
  .option(...DATA)
  .option('--rebuild', 'fold the whole log from its start instead of from the newest checkpoint', false)
  .action(async (options: DataOptions & { readonly rebuild: boolean }) => {
    const { showState } = await import('./commands/state.js');
    await showState(configOf(options), options.rebuild, say);
  });

program
  .command('archive')
  .description(
    'writes the interactions of the log as Parquet: one file a UTC day, every day anew; of a log in Redis what has come since',
  )
  .option(...DATA)
  .option('--to <folder>', 'folder of the files (default: archive within the data folder)')
  .option('--anew', 'of a log in Redis: begin in an empty folder, in place of the archive that is elsewhere', false)
  .action(async (options: DataOptions & { readonly to?: string; readonly anew: boolean }) => {
    const { archive } = await import('./commands/archive.js');
    await archive(configOf(options), options, say);
  });

type AddCommand = (to: Command, settings: typeof configOf) => void;

/** Commands that add themselves, each loaded when it is the one that was asked for. */
const OTHERS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  import: async () => (await import('./commands/import.js')).importCommand,
  evaluate: async () => (await import('./commands/evaluate.js')).evaluateCommand,
  train: async () => (await import('./commands/train.js')).trainCommand,
  adopt: async () => (await import('./commands/adopt.js')).adoptCommand,
  export: async () => (await import('./commands/export.js')).exportCommand,
  snapshots: async () => (await import('./commands/snapshots.js')).snapshotsCommand,
  keys: async () => (await import('./commands/keys.js')).keysCommand,
};

async function run(): Promise<void> {
  const asked = process.argv[2];
  if (program.commands.every((command) => command.name() !== asked)) {
    // Whoever asks for none of them is told of all.
    const loads = Object.entries(OTHERS).filter(([name]) => name === asked || !Object.hasOwn(OTHERS, asked ?? ''));
    for (const [, load] of loads) (await load())(program, configOf);
  }
  await program.parseAsync();
}

run().catch((error: unknown) => {
  const { code, message = String(error) } = error as { code?: unknown; message?: string };
  const named = error instanceof ConfigError ? 'BAD_SETTING' : typeof code === 'string' ? code : null;
  // Errors of the system begin with their code.
  const prefix = named === null || message.startsWith(`${named}: `) ? '' : `${named}: `;
  process.exitCode = 1;
  // The channel to its primary would keep a worker alive.
  process.stderr.write(`${prefix}${message}\n`, () => process.connected && process.exit());
});

/** @throws ConfigError */
function configOf({ data, port, host, snapshots, processes }: ServeOptions): Config {
  return readConfig(process.env, { dataFolder: data, port, host, snapshotsFolder: snapshots, processes });
}
