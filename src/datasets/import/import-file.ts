/**
 * Imports one file into the log, once. Each batch is appended together with an `import` event that says how far the
 * file has come, so that whatever ends the import, the next one goes on at the first row that is not in the log, and an
 * import of a file that is in the log adds nothing. A strict import reads the whole file before it appends anything.
 */
import { type DeclaredType, typeProblem } from '../../events/attribute-rules.js';
import { type Event, type ImportEvent } from '../../events/event.js';
import { type Appended } from '../../events/log.js';
import { fingerprint } from './fingerprint.js';
import { openSource, type ImportSource, type ImportSourceOptions } from './import-source.js';
import { type ImportKind } from './mapping.js';
import { eventsOf, type EventBatch } from './read-events.js';
import { type Rejection } from './rejection.js';
import { RejectionTally, type ByCode } from './rejection-tally.js';

export interface ImportProgress {
  /** Rows of the file that are done, those of an earlier import included. */
  readonly rows: number;
  readonly total: number;
  readonly kept: number;
  readonly rejected: number;
}

export interface ImportFileOptions<Kind extends ImportKind = ImportKind> extends ImportSourceOptions<Kind> {
  /** Wall clock in milliseconds. */
  readonly now: number;
  readonly strict?: boolean | undefined;
  readonly batchSize?: number | undefined;
  /** Appends all or nothing, as the log does; positions are null where an id was in the log already. */
  append(events: readonly Event[]): Promise<Appended>;
  /** Runs while no other import of the fingerprint does; what stands in the log is looked up within. */
  exclusive?<Result>(fingerprint: string, run: () => Promise<Result>): Promise<Result>;
  /** The last `import` event with the fingerprint that is in the log. */
  importedRows(fingerprint: string): ImportedRows | undefined | Promise<ImportedRows | undefined>;
  /** Type that the log has declared for an item attribute; asked again once the events are in the log. */
  declaredType?: DeclaredType | undefined;
  onProgress?(progress: ImportProgress): void;
}
export type ImportedRows = Pick<ImportEvent, 'rows' | 'complete'>;

/** Of this import: read = kept + dropped + duplicates. */
export interface ImportReport {
  readonly file: string;
  readonly kind: ImportKind;
  /** Rows of the file. */
  readonly total: number;
  readonly read: number;
  readonly kept: number;
  readonly dropped: number;
  /** Rows whose id was in the log already. */
  readonly duplicates: number;
  readonly reasons: ByCode<number>;
  /** The lowest row numbers of each reason. */
  readonly firstRows: ByCode<readonly number[]>;
  /** The first 100 by row number. */
  readonly rejected: readonly Rejection[];
  readonly alreadyImported: boolean;
  /** Rows that an interrupted import had done before. */
  readonly resumedAt: number;
  readonly seconds: number;
}

export async function importFile<Kind extends ImportKind>(options: ImportFileOptions<Kind>): Promise<ImportReport> {
  const started = performance.now();
  const { file, kind, format } = options;
  const source = await openSource(options);
  try {
    const mark = await fingerprint(file, { kind, format, mapping: source.mapping });
    const { exclusive = (_mark, run) => run() } = options;
    return await exclusive(mark, async () => {
      const before = await options.importedRows(mark);
      const run = new ImportRun(source, options, mark, before?.rows ?? 0);
      if (before?.complete !== true) {
        if (options.strict) await run.check();
        await run.appendAll();
      }
      return run.report(before?.complete === true, (performance.now() - started) / 1000);
    });
  } finally {
    await source.close();
  }
}

class ImportRun {
  private readonly tally = new RejectionTally();
  private rows: number;
  private kept = 0;
  private duplicates = 0;

  constructor(
    private readonly source: ImportSource,
    private readonly options: Pick<
      ImportFileOptions,
      'now' | 'strict' | 'batchSize' | 'append' | 'declaredType' | 'onProgress'
    >,
    private readonly mark: string,
    private readonly startedAt: number,
  ) {
    this.rows = startedAt;
  }

  /** Reads all rows in the order of the file, up to the first bad one, which it throws. */
  async check(): Promise<void> {
    const batches = eventsOf(this.source, 'file', { ...this.options, skipRows: 0, strict: true });
    while ((await batches.next()).done !== true);
  }

  /** One append is in flight while the next batch is read; the last batch carries the mark that the file is complete. */
  async appendAll(): Promise<void> {
    const batches = eventsOf(this.source, this.source.order, { ...this.options, skipRows: this.startedAt });
    let inFlight = Promise.resolve();
    let held: EventBatch | undefined;
    try {
      for await (const batch of batches) {
        if (held !== undefined) {
          await inFlight;
          inFlight = this.append(held, false);
          // Thrown where it is awaited, not while the next batch is read.
          inFlight.catch(() => undefined);
        }
        held = batch;
      }
    } finally {
      await inFlight;
    }
    await this.append(held ?? { events: [], rowOf: [], positionOf: [], rows: this.rows, rejected: [] }, true);
  }

  private async append(batch: EventBatch, complete: boolean): Promise<void> {
    const { events, rows, rejected } = batch;
    const mark: ImportEvent = { kind: 'import', fingerprint: this.mark, rows, complete, at: this.options.now };
    const { positions } = await this.options.append([...events, mark]);
    const added = positions.slice(0, events.length).filter((position) => position !== null).length;
    this.rows = rows;
    const overtaken = this.overtaken(batch);
    this.kept += added - overtaken.length;
    this.duplicates += events.length - added;
    this.tally.add([...rejected, ...overtaken]);
    const { total } = this.source.table;
    this.options.onProgress?.({ rows, total, kept: this.kept, rejected: this.tally.count });
  }

  /** Items that changed nothing, for a request or another import declared a type between reading and appending them. */
  private overtaken({ events, rowOf }: EventBatch): readonly Rejection[] {
    const { declaredType = () => null } = this.options;
    return events.flatMap((event, at): Rejection[] => {
      const problem = event.kind === 'item' ? typeProblem(event.attributes, declaredType) : null;
      return problem === null ? [] : [{ row: rowOf[at]!, code: problem.code, message: problem.message }];
    });
  }

  report(alreadyImported: boolean, seconds: number): ImportReport {
    const { file, kind, table } = this.source;
    return {
      file,
      kind,
      total: table.total,
      read: this.rows - this.startedAt,
      kept: this.kept,
      dropped: this.tally.count,
      duplicates: this.duplicates,
      reasons: this.tally.reasons,
      firstRows: this.tally.firstRows,
      rejected: this.tally.first,
      alreadyImported,
      resumedAt: alreadyImported ? 0 : this.startedAt,
      seconds,
    };
  }
}
