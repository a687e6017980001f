/**
 * The whole state at one position as bytes: magic, length of the header, header (JSON: key of the settings, position, log,
 * sections with type, length and offset), the sections' bytes, SHA-256 of all that stands before it.
 */
import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import { type Position } from '../events/log.js';
import { type NumberArray } from '../math/grow.js';
import { hashInTurns } from '../remote/running-hash.js';
import { type Saved, type SectionReader } from './sections.js';
import { type StateSettings } from './state-settings.js';

/** The number rises with every change of what the state holds: what was written before is folded anew from the log. */
const MAGIC = 'RECOGRAPHSTATE02';
const HEADER_START = MAGIC.length + 4;
const HASH_BYTES = 32;
const ALIGNMENT = 8;

const TYPES = { Float64Array, Float32Array, Int32Array, Uint32Array, Uint16Array, Uint8Array } as const;

interface Section {
  readonly name: string;
  readonly type: keyof typeof TYPES | 'json';
  readonly length: number;
  readonly offset: number;
}
interface Header {
  readonly settings: string;
  readonly position: Position;
  /** Which log the position counts in, where the log says so. */
  readonly log?: string | undefined;
  readonly sections: readonly Section[];
}

/** What a checkpoint can be read into: an empty state, or a state and more. */
export interface Loadable extends Saved {
  readonly settings: StateSettings;
}
/** What a checkpoint can be made of. */
export interface Checkpointable extends Loadable {
  readonly position: Position;
}

/** A checkpoint that can't be used; the message says why. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
  readonly code = 'CHECKPOINT_UNUSABLE';
}

/** SHA-256 over everything the state holds, hex: equal if and only if two folds agree. */
export function stateHash(state: Saved): string {
  const hash = createHash('sha256');
  for (const { name, bytes } of sectionsOf(state)) hash.update(name).update(bytes);
  return hash.digest('hex');
}

/** A copy of the state, made at once: it may change afterwards. To be sealed before it is written. `log` names the log. */
export function encodeCheckpoint(state: Checkpointable, log?: string): Buffer {
  const parts = sectionsOf(state);
  let end = 0;
  const sections = parts.map(({ name, type, length, bytes }): Section => {
    const offset = end;
    end = align(end + bytes.length);
    return { name, type, length, offset };
  });
  const { position } = state;
  const header = Buffer.from(
    JSON.stringify({ settings: settingsKey(state.settings), position, log, sections } satisfies Header),
  );
  const body = align(HEADER_START + header.length);
  const buffer = Buffer.alloc(body + end + HASH_BYTES);
  buffer.write(MAGIC, 'latin1');
  buffer.writeUInt32LE(header.length, MAGIC.length);
  header.copy(buffer, HEADER_START);
  parts.forEach(({ bytes }, index) => buffer.set(bytes, body + sections[index]!.offset));
  return buffer;
}

/** Writes the checksum into its place. */
export async function sealCheckpoint(buffer: Buffer): Promise<void> {
  const end = buffer.length - HASH_BYTES;
  buffer.write(await hashInTurns(buffer.subarray(0, end)), end, 'hex');
}

export interface CheckpointSource {
  /** As messages name it. */
  readonly name: string;
  /** The log whose position it must tell. */
  readonly log?: string | undefined;
}

/**
 * Reads a checkpoint into an empty state.
 * @throws CheckpointError where it is damaged, or was made under other settings or of another log
 */
export async function decodeCheckpoint(
  buffer: Buffer,
  state: Loadable,
  { name, log }: CheckpointSource,
): Promise<void> {
  mustBeCheckpoint(buffer, name);
  const end = buffer.length - HASH_BYTES;
  if ((await hashInTurns(buffer.subarray(0, end))) !== buffer.toString('hex', end)) {
    throw new CheckpointError(`${name} is damaged: its checksum does not match`);
  }
  decodeVerified(buffer, state, { name, log });
}

/** The same of bytes whose checksum was verified already. @throws CheckpointError */
export function decodeVerified(buffer: Buffer, state: Loadable, { name, log }: CheckpointSource): void {
  mustBeCheckpoint(buffer, name);
  const headerLength = buffer.readUInt32LE(MAGIC.length);
  const header = JSON.parse(buffer.toString('utf8', HEADER_START, HEADER_START + headerLength)) as Header;
  if (header.settings !== settingsKey(state.settings))
    throw new CheckpointError(`${name} was made under other settings`);
  if (header.log !== log) throw new CheckpointError(`${name} is of another log`);
  state.load(readerOf(header, buffer, align(HEADER_START + headerLength)));
}

function mustBeCheckpoint(buffer: Buffer, name: string): void {
  if (buffer.length >= HEADER_START + HASH_BYTES && buffer.toString('latin1', 0, MAGIC.length) === MAGIC) return;
  throw new CheckpointError(`${name} is not a checkpoint of this version`);
}

/**
 * Names what shapes a saved state besides the log: the settings, this version of what it holds, and the byte order, for the
 * arrays are written as they stand in memory.
 */
export function settingsKey(settings: StateSettings): string {
  return createHash('sha256')
    .update(JSON.stringify([settings, MAGIC, endianness()]))
    .digest('hex');
}

function sectionsOf(state: Saved): { name: string; type: Section['type']; length: number; bytes: Uint8Array }[] {
  const sections: ReturnType<typeof sectionsOf> = [];
  state.save({
    array(name, values) {
      const type = values.constructor.name as keyof typeof TYPES;
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      sections.push({ name, type, length: values.length, bytes });
    },
    json(name, value) {
      const bytes = Buffer.from(JSON.stringify(value));
      sections.push({ name, type: 'json', length: bytes.length, bytes });
    },
  });
  return sections;
}

function readerOf(header: Header, buffer: Buffer, body: number): SectionReader {
  const byName = new Map(header.sections.map((section) => [section.name, section]));
  const find = (name: string): Section => {
    const section = byName.get(name);
    if (section === undefined) throw new CheckpointError(`the checkpoint has no section "${name}"`);
    return section;
  };
  return {
    array<A extends NumberArray>(name: string): A {
      const { type, length, offset } = find(name);
      if (type === 'json') throw new CheckpointError(`section "${name}" is not an array`);
      const start = buffer.byteOffset + body + offset;
      const bytes = buffer.buffer.slice(start, start + length * TYPES[type].BYTES_PER_ELEMENT);
      return new TYPES[type](bytes as ArrayBuffer) as A;
    },
    json<T>(name: string): T {
      const { length, offset } = find(name);
      return JSON.parse(buffer.toString('utf8', body + offset, body + offset + length)) as T;
    },
  };
}

function align(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}
