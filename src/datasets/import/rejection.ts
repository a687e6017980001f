/** Why a row was dropped. Codes are stable; the message names the column and the value. */
export type RejectionCode =
  'BAD_ID' | 'BAD_TIME' | 'BAD_TYPE' | 'BAD_WEIGHT' | 'BAD_CONTEXT' | 'BAD_ATTRIBUTE' | 'WRONG_TYPE' | 'BAD_ROW';

export interface Rejection {
  /** Counted from 1 in the order of the file, without its header and blank lines. */
  readonly row: number;
  readonly code: RejectionCode;
  readonly message: string;
}

/** A value that a check did not take; it becomes a rejection once the row is known. */
export class Refusal {
  constructor(
    readonly code: RejectionCode,
    readonly message: string,
  ) {}

  static ofCell(code: RejectionCode, column: string, cell: unknown, complaint: string): Refusal {
    return new Refusal(code, `column "${column}": ${shown(cell)} ${complaint}`);
  }
}

const SHOWN_CHARACTERS = 80;

function shown(cell: unknown): string {
  const text =
    typeof cell === 'bigint' || typeof cell === 'number' ? String(cell) : (JSON.stringify(cell) ?? 'nothing');
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}...` : text;
}
