/**
 * What makes two imports the same: the content of the file, and how it is read. Not its name: a renamed copy is the
 * same import, and the same file under another mapping is another one.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type ImportFormat } from './formats.js';
import { type EffectiveMapping, type ImportKind, type ImportMapping } from './mapping.js';

export interface Reading {
  readonly kind: ImportKind;
  readonly format: ImportFormat;
  readonly mapping: EffectiveMapping | ImportMapping;
}

/** SHA-256 in hex over the bytes of the file, then the reading as canonical JSON (keys sorted, no blanks). */
export async function fingerprint(file: string, { kind, format, mapping }: Reading): Promise<string> {
  const hash = createHash('sha256');
  for await (const block of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(block as Buffer);
  return hash.update(canonicalJson({ kind, format, mapping })).digest('hex');
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
