/** Which files have been imported, and how far: what makes a second import of a file add nothing. */
import { type ImportEvent } from '../events/event.js';
import { type SectionReader, type SectionWriter } from './sections.js';

export interface ImportProgress {
  readonly rows: number;
  readonly complete: boolean;
}

export class Imports {
  private readonly progress = new Map<string, ImportProgress>();

  of(fingerprint: string): ImportProgress | undefined {
    return this.progress.get(fingerprint);
  }

  apply({ fingerprint, rows, complete }: ImportEvent): void {
    this.progress.set(fingerprint, { rows, complete });
  }

  save(out: SectionWriter): void {
    out.json('imports', [...this.progress]);
  }

  load(from: SectionReader): void {
    for (const [fingerprint, progress] of from.json<[string, ImportProgress][]>('imports')) {
      this.progress.set(fingerprint, progress);
    }
  }
}
