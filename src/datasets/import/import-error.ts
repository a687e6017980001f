/**
 * What stops an import as a whole. A bad row does not: it is dropped and reported (see `rejection.ts`), unless the
 * import is strict. Codes are stable; messages are for people.
 */
export type ImportErrorCode =
  | 'FILE_NOT_FOUND'
  | 'UNREADABLE_FILE'
  | 'UNKNOWN_FORMAT'
  | 'UNKNOWN_KIND'
  | 'UNKNOWN_COLUMN'
  | 'BAD_MAPPING'
  | 'BAD_ROW'
  | 'IMPORT_RUNNING';

export interface ImportErrorDetails {
  /** The bad row that stopped a strict import, counted from 1 without the header. */
  readonly row?: number;
  /** The columns that the file has, where a column was looked for in vain. */
  readonly columns?: readonly string[];
  readonly cause?: unknown;
}

export class ImportError extends Error {
  override readonly name = 'ImportError';
  readonly row: number | undefined;
  readonly columns: readonly string[] | undefined;

  constructor(
    readonly code: ImportErrorCode,
    message: string,
    details: ImportErrorDetails = {},
  ) {
    super(message, { cause: details.cause });
    this.row = details.row;
    this.columns = details.columns;
  }
}
