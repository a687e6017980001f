/** `recograph import FORMAT --file F`: rows of a file become events of the log, and the report says what became of them. */
import { basename, join } from 'node:path';
import { type Command } from 'commander';
import { type Config } from '../config.js';
import { checkFormat } from '../datasets/import/formats.js';
import { ImportError } from '../datasets/import/import-error.js';
import { importFile } from '../datasets/import/import-file.js';
import { type ImportKind, type ImportMapping, IMPORT_KINDS, TIME_UNITS } from '../datasets/import/mapping.js';
import { progressView } from '../datasets/import/progress.js';
import { reportLines } from '../datasets/import/report.js';
import { openGateway } from '../open-gateway.js';
import { exclusively, LockHeldError } from '../process-lock.js';

/** Fields whose column can be named; each kind takes those that it has. */
const COLUMNS = {
  user: 'user id',
  item: 'item id',
  time: 'time of the interaction',
  type: 'type of the interaction (default: CLICK)',
  weight: 'weight of the interaction',
  session: 'session id',
  id: 'id of the interaction: the same one twice counts once',
  device: 'device',
  os: 'operating system',
  country: 'country',
  region: 'region',
  referrer: 'referrer',
  available: 'whether the item can be had',
  published: 'when the item was published',
} as const;

interface ImportOptions extends Partial<Record<keyof typeof COLUMNS, string>> {
  readonly data?: string;
  readonly file: string;
  readonly kind: string;
  readonly attributes?: string;
  readonly timeUnit?: string;
  readonly strict: boolean;
}

/** Adds the command to the program. */
export function importCommand(program: Command, configOf: (options: { readonly data?: string }) => Config): void {
  const command = program
    .command('import <format>')
    .description('reads csv, parquet, jsonl, globo or archive into the log of a data folder')
    .requiredOption('--file <path>', 'file to read')
    .option('--data <folder>', 'data folder (default: RECOGRAPH_DATA, else ./data)')
    .option('--kind <kind>', IMPORT_KINDS.join(' | '), 'interactions')
    .option('--attributes <columns>', 'columns that are attributes, separated by commas (default: all others)')
    .option('--time-unit <unit>', `unit of times given as numbers: ${TIME_UNITS.join(' | ')}`)
    .option('--strict', 'stop at the first bad row, and add nothing', false);
  for (const [field, purpose] of Object.entries(COLUMNS)) command.option(`--${field} <column>`, `column: ${purpose}`);
  command.action((format: string, options: ImportOptions) => runImport(configOf(options), format, options));
}

async function runImport(config: Config, format: string, options: ImportOptions): Promise<void> {
  const { file, kind, strict } = options;
  checkFormat(format);
  if (!isKind(kind))
    throw new ImportError('UNKNOWN_KIND', `unknown kind "${kind}"; there are: ${IMPORT_KINDS.join(', ')}`);
  // How far the file has come stands in the log, so checkpoints on the way would only take time.
  const open = await openGateway({ ...config, checkpointEvery: Infinity }, (message) =>
    process.stderr.write(`${message}\n`),
  );
  const progress = progressView({ stream: process.stdout, label: basename(file) });
  try {
    const report = await importFile({
      file,
      format,
      kind,
      mapping: mappingOf(options),
      strict,
      now: Date.now(),
      append: (events) => open.gateway.append(events),
      declaredType: (name) => open.gateway.state.items.declaredType(name),
      exclusive: (fingerprint, run) => alone(config, file, { fingerprint, run }),
      importedRows: async (fingerprint) => {
        await open.follower.catchUp(); // another import may have ended between opening and locking
        return open.gateway.state.imports.of(fingerprint);
      },
      onProgress: (done) => progress.update(done),
    });
    progress.stop();
    for (const line of reportLines(report)) process.stdout.write(`${line}\n`);
  } finally {
    progress.stop();
    await open.close();
  }
}

/** @throws ImportError IMPORT_RUNNING */
async function alone<Result>(
  { dataFolder }: Config,
  file: string,
  { fingerprint, run }: { readonly fingerprint: string; readonly run: () => Promise<Result> },
): Promise<Result> {
  const lock = { folder: join(dataFolder, 'locks'), name: `import/${fingerprint}` };
  return exclusively(lock, run).catch((error: unknown) => {
    if (!(error instanceof LockHeldError)) throw error;
    const message = `process ${error.holder.pid} is importing ${file} into ${dataFolder}; nothing was added`;
    throw new ImportError('IMPORT_RUNNING', message);
  });
}

function isKind(kind: string): kind is ImportKind {
  return (IMPORT_KINDS as readonly string[]).includes(kind);
}

function mappingOf({ attributes, timeUnit, ...options }: ImportOptions): ImportMapping {
  const columns = Object.keys(COLUMNS).flatMap((field) => {
    const column = options[field as keyof typeof COLUMNS];
    return column === undefined ? [] : [[field, column]];
  });
  return {
    ...Object.fromEntries(columns),
    ...(attributes === undefined ? {} : { attributes: attributes.split(',') }),
    ...(timeUnit === undefined ? {} : { timeUnit }),
  } as ImportMapping;
}
