/** `recograph export features`: the rows that a ranker learns from, as Parquet, to fit one elsewhere. */
import { type Command } from 'commander';
import { type Config } from '../config.js';
import { type NumberColumn, writeParquet } from '../datasets/parquet/write-parquet.js';
import { exportRows } from '../training/export-rows.js';
import { rowColumns } from '../training/ranker/row-files.js';
import { checkWritable, CommandError, timeOf } from './options.js';
import { addTrainingOptions, type TrainingCommandOptions, withTraining } from './training-options.js';

interface ExportOptions extends TrainingCommandOptions {
  readonly to: string;
  readonly until?: string;
}

const TABLES = ['features'];

/** Adds the command to the program. */
export function exportCommand(program: Command, configOf: (options: { readonly data?: string }) => Config): void {
  const command = program
    .command('export <table>')
    .description('writes a table for other tools; features: what a ranker learns from, one row a candidate')
    .requiredOption('--to <file>', 'Parquet file that is written')
    .option('--until <time>', 'end of the data, itself not among them, UTC (default: all)');
  addTrainingOptions(command).action(async (table: string, options: ExportOptions) => {
    if (!TABLES.includes(table)) {
      throw new CommandError('BAD_OPTION', `there is no table "${table}"; there are: ${TABLES.join(', ')}`);
    }
    if (options.rankerQueries === '0')
      throw new CommandError('BAD_OPTION', '--ranker-queries is "0"; there would be no row');
    await checkWritable('--to', options.to);
    const until = options.until === undefined ? null : timeOf('--until', options.until);
    await withTraining(configOf(options), options, until, (training) =>
      exportRows(training, async (folder, { counts, from, until: end }) => {
        const { featureNames, queries } = await rowColumns(folder);
        const features = featureNames.map((name): NumberColumn => ({ name, type: 'float' }));
        const columns = [
          { name: 'query', type: 'integer' },
          ...features,
          { name: 'clicked', type: 'integer' },
        ] as const;
        training.onStage('writing Parquet');
        const rows = await writeParquet(options.to, columns, queries);
        const lists = `${counts.queries} lists, ${time(from)} to ${time(end)}`;
        process.stdout.write(`${rows} rows of ${lists}, ${featureNames.length} features\n`);
      }),
    );
  });
}

function time(at: number): string {
  return new Date(at).toISOString();
}
