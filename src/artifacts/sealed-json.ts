/** A JSON object with the SHA-256 of its own content as the last field, so that a change by anyone is noticed. */
import { createHash } from 'node:crypto';

export type SealedObject = { readonly [field: string]: unknown };

/** The content can't be trusted; the message says why. */
export class SealError extends Error {
  override readonly name = 'SealError';
}

export function seal(content: object): string {
  return `${JSON.stringify({ ...content, sha256: hashOf(content) }, null, 2)}\n`;
}

/** The object in the text, seal included, unchecked: what an unknown version holds can be asked before it is trusted. */
export function parseSealed(text: string): SealedObject {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new SealError('is not JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new SealError('is not an object');
  return parsed as SealedObject;
}

/** The content without its seal. */
export function unseal({ sha256, ...content }: SealedObject): SealedObject {
  if (sha256 !== hashOf(content)) throw new SealError('was changed: its own checksum does not match');
  return content;
}

/** JSON keeps the order of fields and the exact numbers, so writing what was parsed gives the same text again. */
const hashOf = (content: object): string => createHash('sha256').update(JSON.stringify(content)).digest('hex');
