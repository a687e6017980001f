/**
 * Finds the records of a CSV file in its bytes, as RFC 4180 has them: a quoted field may hold delimiters, newlines and
 * doubled quotes. A quote inside an unquoted field stands for itself. A record whose quotes are broken is its first
 * line only, so that one stray quote does not swallow the rest of the file.
 */
const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;

/** Longer records are taken for broken: mostly a quote that is never closed. */
export const MAX_RECORD_BYTES = 1 << 20;

export class CsvRecord {
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  /** End of the record without its newline. */
  end = 0;
  /** Start of what follows. */
  next = 0;
  fields = 0;
  quoted = false;
  /** Quotes stand where other readers may take them differently. */
  ambiguous = false;
  newline: 'none' | 'lf' | 'crlf' | 'cr' = 'none';
  problem: string | undefined;

  constructor(private readonly delimiter: number) {}

  /** Reads the record at `start`. False: the bytes end before it does and more are to come. */
  read(bytes: Buffer, start: number, final: boolean): boolean {
    this.bytes = bytes;
    this.start = start;
    this.fields = 1;
    this.quoted = this.ambiguous = false;
    this.problem = undefined;
    const whole = this.readFields(final);
    if (this.problem !== undefined) return this.firstLine(final);
    if (whole) return true;
    if (bytes.length - start <= MAX_RECORD_BYTES) return false;
    this.problem = this.quoted ? 'has a quote that is never closed' : 'is longer than 1 MiB';
    return this.firstLine(final);
  }

  private readFields(final: boolean): boolean {
    const { bytes, delimiter } = this;
    const length = bytes.length;
    let at = this.start;
    for (;;) {
      if (bytes[at] === QUOTE) {
        this.quoted = true;
        at = afterQuoted(bytes, at);
        if (at < 0) {
          if (final) this.problem = 'has a quote that is never closed';
          return false;
        }
        if (at === length && !final) return false;
        if (at < length && bytes[at] !== delimiter && bytes[at] !== LF && bytes[at] !== CR) {
          this.problem = 'has text after a closing quote';
          return false;
        }
      }
      let byte = -1;
      for (; at < length; at++) {
        byte = bytes[at]!;
        if (byte === delimiter || byte === LF || byte === CR) break;
        if (byte === QUOTE) this.ambiguous = true;
      }
      if (at === length) return final && this.finish(at, 'none');
      if (byte !== delimiter) return this.finishAtNewline(at, final);
      this.fields++;
      at++;
    }
  }

  private finishAtNewline(at: number, final: boolean): boolean {
    if (this.bytes[at] === LF) return this.finish(at, 'lf');
    if (at + 1 === this.bytes.length && !final) return false;
    return this.finish(at, this.bytes[at + 1] === LF ? 'crlf' : 'cr');
  }

  private finish(end: number, newline: CsvRecord['newline']): true {
    this.end = end;
    this.newline = newline;
    this.next = end + NEWLINE_BYTES[newline];
    return true;
  }

  private firstLine(final: boolean): boolean {
    const { bytes } = this;
    let at = this.start;
    while (at < bytes.length && bytes[at] !== LF && bytes[at] !== CR) at++;
    if (at < bytes.length) return this.finishAtNewline(at, final);
    return (final || bytes.length - this.start > MAX_RECORD_BYTES) && this.finish(at, 'none');
  }
}

const NEWLINE_BYTES = { none: 0, lf: 1, cr: 1, crlf: 2 };

/** Place after the quote that closes the one at `open`; -1 where there is none. */
function afterQuoted(bytes: Buffer, open: number): number {
  for (let at = open; ; at++) {
    at = bytes.indexOf(QUOTE, at + 1);
    if (at < 0) return -1;
    if (bytes[at + 1] !== QUOTE) return at + 1;
  }
}
