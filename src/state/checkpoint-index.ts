/** Which checkpoints there are in a container, newest first: the blob that makes an upload a checkpoint, as JSON. */
import { type Position } from '../events/log.js';
import { CheckpointError } from './checkpoint-bytes.js';

export interface IndexEntry {
  /** Of the blob, beside the index. */
  readonly name: string;
  readonly position: Position;
  readonly bytes: number;
  /** Of all bytes, hex. */
  readonly sha256: string;
  /** The log whose position it is, where the log has a name. */
  readonly log?: string | undefined;
}

const VERSION = 1;

export const encodeIndex = (checkpoints: readonly IndexEntry[]): string =>
  `${JSON.stringify({ version: VERSION, checkpoints }, null, 2)}\n`;

/** @throws CheckpointError */
export function decodeIndex(text: string): readonly IndexEntry[] {
  const { version, checkpoints } = parsed(text);
  if (version !== VERSION || !Array.isArray(checkpoints) || !checkpoints.every(isEntry)) {
    throw new CheckpointError(`the index of checkpoints is damaged, or not of version ${VERSION}`);
  }
  return checkpoints;
}

function parsed(text: string): { version?: unknown; checkpoints?: unknown } {
  try {
    return Object(JSON.parse(text)) as object;
  } catch {
    return {};
  }
}

function isEntry(value: unknown): value is IndexEntry {
  const { name, position, bytes, sha256 } = Object(value) as Partial<IndexEntry>;
  return (
    typeof name === 'string' &&
    Number.isSafeInteger(position) &&
    Number.isSafeInteger(bytes) &&
    typeof sha256 === 'string'
  );
}
