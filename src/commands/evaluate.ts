/** `recograph evaluate`: how good the lists are by replay of clicks, or how good a model is on a fixed split. */
import { type Command } from 'commander';
import { type Config } from '../config.js';
import { type ClicksOptions, evaluateClicks } from './evaluate-clicks.js';
import { evaluateSplitCommand } from './evaluate-split.js';
import { checkWritable, CommandError, fractionOf, numberOf } from './options.js';

interface EvaluateOptions extends Omit<ClicksOptions, 'sample' | 'k' | 'seed'> {
  readonly data?: string;
  readonly sample: string;
  readonly train?: string;
  readonly test?: string;
  readonly model: string;
  readonly k?: string;
  readonly seed: string;
  readonly workers: string;
  readonly minutes: string;
}

const MODELS = ['als'];
const CLICKS_K = '10';
const SPLIT_K = '20';

/** Adds the command to the program. */
export function evaluateCommand(program: Command, configOf: (options: { readonly data?: string }) => Config): void {
  program
    .command('evaluate')
    .description(
      'replays clicks through the engine, or ranks a fixed split by a model, and says how good the lists are',
    )
    .option('--clicks <file...>', 'files of interactions to replay (default: the log of the data folder)')
    .option('--format <format>', 'format of the files: csv, parquet, jsonl, globo or archive', 'globo')
    .option('--data <folder>', 'data folder (default: RECOGRAPH_DATA, else ./data)')
    .option('--from <time>', 'first time of the clicks that are judged, UTC (default: a day before --to)')
    .option('--to <time>', 'end of these times, itself not among them (default: the end of the log)')
    .option('--sample <fraction>', 'part of these clicks that is judged', '1')
    .option('--scenario <name>', 'scenario that makes the lists', 'default')
    .option('--snapshots <folder>', 'replay: snapshots to ask with, each from where its data end (default: none)')
    .option('--train <path>', 'fixed split: pairs to fit on, one line a user, user id and item ids')
    .option('--test <path>', 'fixed split: pairs to find again, in the same form')
    .option('--model <name>', `fixed split: ${MODELS.join(' | ')}`, 'als')
    .option('--workers <number>', 'fixed split: threads that fit', '2')
    .option('--minutes <number>', 'fixed split: most time for the search of settings and the fit', '25')
    .option('--k <number>', `length of a list (default: ${CLICKS_K}, of a fixed split ${SPLIT_K})`)
    .option('--seed <number>', 'of samples, intervals and fits', '1')
    .option('--json <file>', 'writes the report as JSON')
    .option('--html <file>', 'replay: writes the report as a page with plots that stands alone')
    .action((options: EvaluateOptions, command: Command) => {
      const isSplit = options.train !== undefined || options.test !== undefined;
      refuseForeign(command, isSplit);
      return runEvaluate(configOf(options), options);
    });
}

/** What says something of one of the two only. */
const OF_REPLAY = ['clicks', 'format', 'from', 'to', 'sample', 'scenario', 'snapshots', 'html'];
const OF_SPLIT = ['model', 'workers', 'minutes'];

/** @throws CommandError BAD_OPTION where an option was given that would go unheard */
function refuseForeign(command: Command, isSplit: boolean): void {
  const foreign = (isSplit ? OF_REPLAY : OF_SPLIT).find((name) => command.getOptionValueSource(name) === 'cli');
  if (foreign === undefined) return;
  const why = isSplit
    ? 'is of a replay, and --train and --test judge a fixed split'
    : 'goes with --train and --test only';
  throw new CommandError('BAD_OPTION', `--${foreign} ${why}`);
}

async function runEvaluate(config: Config, { train, test, model, k, ...options }: EvaluateOptions): Promise<void> {
  const seed = numberOf('--seed', options.seed, { least: 0, most: 2 ** 31 });
  if (options.json !== undefined) await checkWritable('--json', options.json);
  if (options.html !== undefined) await checkWritable('--html', options.html);
  if (train === undefined && test === undefined) {
    return evaluateClicks(config, {
      ...options,
      seed,
      k: numberOf('--k', k ?? CLICKS_K, { least: 1, most: 100 }),
      sample: fractionOf('--sample', options.sample),
    });
  }
  if (train === undefined || test === undefined) throw new CommandError('BAD_OPTION', '--train and --test go together');
  if (!MODELS.includes(model)) {
    throw new CommandError('BAD_OPTION', `--model is "${model}"; there are: ${MODELS.join(', ')}`);
  }
  await evaluateSplitCommand({
    train,
    test,
    seed,
    json: options.json,
    k: numberOf('--k', k ?? SPLIT_K, { least: 1, most: 1_000 }),
    workers: numberOf('--workers', options.workers, { least: 1, most: 64 }),
    minutes: numberOf('--minutes', options.minutes, { least: 1, most: 1_440 }),
    say: (line) => void process.stdout.write(`${line}\n`),
  });
}
