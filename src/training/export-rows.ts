/**
 * The rows that a ranker would be fitted to, for fitting one elsewhere: lists of the end of the data, as the weights in use
 * make them, with factors of what came before.
 */
import { interactionsBefore } from '../replay/interactions-before.js';
import { timeSpan } from '../replay/time-span.js';
import { TrainingError } from './training-error.js';
import { incumbent } from './in-use.js';
import { type RowCounts } from './ranker/row-files.js';
import { trainingSlices } from './slices.js';
import { type TrainOptions } from './train-options.js';
import { TrainingRun } from './training-run.js';
import { WorkFolder } from './work-folder.js';

export interface ExportedRows {
  readonly counts: RowCounts;
  /** Time of the lists, ms: from inclusive, until exclusive. */
  readonly from: number;
  readonly until: number;
}

/**
 * Collects the rows and hands their folder over, which is removed when `use` is done.
 * @throws TrainingError TOO_FEW_EVENTS
 */
export async function exportRows(
  options: TrainOptions,
  use: (folder: string, rows: ExportedRows) => Promise<void>,
): Promise<void> {
  const { inUse } = await incumbent(options.store, options.onProblem);
  const span = await timeSpan(options.source, Math.min(options.until ?? Infinity, options.now()));
  if (span === null) throw new TrainingError('TOO_FEW_EVENTS', 'there is no interaction to make rows of');
  const source = interactionsBefore(options.source, span.until);
  // Nothing is judged here, so the rows reach to the end of the data.
  const slices = trainingSlices({ ...span, known: span.until });
  const work = await WorkFolder.open(`${options.workFolder}-exports`, {
    exported: source.fingerprint,
    slices,
    at: options.now(),
  });
  try {
    const run = new TrainingRun({ ...options, source }, slices, inUse, work);
    const weights = inUse?.snapshot.weights ?? (await run.fitWeights());
    const { folder, counts } = await run.collectRows(weights);
    await use(folder, { counts, from: slices.rowsFrom, until: slices.gateFrom });
  } finally {
    await work.remove().catch(({ message }: Error) => options.onProblem(`the work folder stays: ${message}`));
  }
}
