/**
 * Which checkpoints there are in a container, newest first, and up to where people were erased: the blob that makes an upload a
 * checkpoint, as JSON.
 */
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
  /** Key of the settings that it was made under. */
  readonly settings: string;
  /** Which fold's records of users who left memory it goes with. */
  readonly fold: number;
}

/** A checkpoint of this log before this position knows somebody who was erased. */
export interface ErasedUpTo {
  readonly log?: string | undefined;
  readonly position: Position;
}

export interface CheckpointIndex {
  readonly checkpoints: readonly IndexEntry[];
  /** One of a log, the latest first. */
  readonly erased: readonly ErasedUpTo[];
}

export const EMPTY_INDEX: CheckpointIndex = { checkpoints: [], erased: [] };

const VERSION = 2;

export const encodeIndex = ({ checkpoints, erased }: CheckpointIndex): string =>
  `${JSON.stringify({ version: VERSION, checkpoints, erased }, null, 2)}\n`;

/** @throws CheckpointError */
export function decodeIndex(text: string): CheckpointIndex {
  const { version, checkpoints, erased } = parsed(text);
  if (version !== VERSION || !isListOf(checkpoints, isEntry) || !isListOf(erased, isErasedUpTo)) {
    throw new CheckpointError(`the index of checkpoints is damaged, or not of version ${VERSION}`);
  }
  return { checkpoints, erased };
}

/** The position that a checkpoint of the log must have reached. */
export function erasedUpTo({ erased }: CheckpointIndex, log: string | undefined): Position {
  return erased.find((one) => one.log === log)?.position ?? 0;
}

function parsed(text: string): { version?: unknown; checkpoints?: unknown; erased?: unknown } {
  try {
    return Object(JSON.parse(text)) as object;
  } catch {
    return {};
  }
}

function isListOf<One>(value: unknown, isOne: (one: unknown) => one is One): value is readonly One[] {
  return Array.isArray(value) && value.every(isOne);
}

function isEntry(value: unknown): value is IndexEntry {
  const { name, position, bytes, sha256, settings, fold } = Object(value) as Partial<IndexEntry>;
  return (
    [name, sha256, settings].every((one) => typeof one === 'string') &&
    [position, bytes, fold].every((one) => Number.isSafeInteger(one))
  );
}

function isErasedUpTo(value: unknown): value is ErasedUpTo {
  return Number.isSafeInteger((Object(value) as Partial<ErasedUpTo>).position);
}
