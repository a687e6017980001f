/**
 * Checkpoints: the whole state at one position as one file, `checkpoint-POSITION.bin`, written beside and moved into place.
 * Layout: magic, length of the header, header (JSON: version, key of the settings, position, sections with type, length
 * and offset), the sections' bytes, SHA-256 of all that stands before it.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { endianness } from 'node:os';
import { basename, join } from 'node:path';
import { flush } from '../disk/durable-file.js';
import { type Position } from '../events/log.js';
import { type NumberArray } from '../math/grow.js';
import { type Saved, type SectionReader } from './sections.js';
import { type StateSettings } from './state-settings.js';

/** The number rises with every change of what the state holds: what was written before is folded anew from the log. */
const MAGIC = 'RECOGRAPHSTATE02';
const HEADER_START = MAGIC.length + 4;
const HASH_BYTES = 32;
const ALIGNMENT = 8;
const NAME = /^checkpoint-(\d{16})\.bin$/;
/** A file that is being written, or that a process left when it was killed. */
const UNFINISHED = /^checkpoint-\d{16}\.bin\..*\.tmp$/;
/** Nobody writes on a file that has not changed for so long. */
const ABANDONED_MS = 10 * 60_000;
const KEPT = 2;
/** Hashed and written between two turns of the event loop. */
const CHUNK_BYTES = 4 * 2 ** 20;

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
  readonly sections: readonly Section[];
}

/** A checkpoint that can't be used; the message says why. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}

/** SHA-256 over everything the state holds, hex: equal if and only if two folds agree. */
export function stateHash(state: Saved): string {
  const hash = createHash('sha256');
  for (const { name, bytes } of sectionsOf(state)) hash.update(name).update(bytes);
  return hash.digest('hex');
}

/**
 * Writes the state as of now, durably, and removes all but the `keep` newest checkpoints; resolves to the file's bytes. What
 * killed processes left unfinished goes first; where this checkpoint is to be the only one, what others are writing does too.
 */
export async function writeCheckpoint(
  folder: string,
  state: Saved & { readonly position: Position; readonly settings: StateSettings },
  keep = KEPT,
): Promise<number> {
  const { position } = state;
  // A copy, made at once: the state may change while it is written.
  const buffer = encode(state, { settings: settingsKey(state.settings), position });
  await mkdir(folder, { recursive: true });
  const path = join(folder, checkpointFile(position));
  const beside = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(beside, '');
    await removeUnfinished(folder, basename(beside), keep === 1 ? -Infinity : ABANDONED_MS);
    await writeHashed(beside, buffer);
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
  await flush(folder);
  for (const old of (await checkpointsOf(folder)).slice(keep)) await rm(join(folder, old.file), { force: true });
  return buffer.length + HASH_BYTES;
}

async function writeHashed(path: string, buffer: Buffer): Promise<void> {
  const file = await open(path, 'w');
  try {
    const hash = createHash('sha256');
    for (let start = 0; start < buffer.length; start += CHUNK_BYTES) {
      const chunk = buffer.subarray(start, start + CHUNK_BYTES);
      hash.update(chunk);
      await file.write(chunk);
    }
    await file.write(hash.digest());
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Removes what had not changed for so long when `beside` was begun: the file system's own clock tells. */
async function removeUnfinished(folder: string, beside: string, unchangedForMs: number): Promise<void> {
  const { mtimeMs } = await stat(join(folder, beside));
  for (const file of await readdir(folder)) {
    if (file === beside || !UNFINISHED.test(file)) continue;
    const changedAt = await stat(join(folder, file)).then(
      (other) => other.mtimeMs,
      () => Infinity, // finished in the meantime
    );
    if (mtimeMs - changedAt >= unchangedForMs) await rm(join(folder, file), { force: true });
  }
}

/** Name of the file of a position. */
export function checkpointFile(position: Position): string {
  return `checkpoint-${String(position).padStart(16, '0')}.bin`;
}

/** Files of a folder, newest first. */
export async function checkpointsOf(folder: string): Promise<readonly { file: string; position: Position }[]> {
  const files = await readdir(folder).catch(() => []);
  return files
    .flatMap((file) => (NAME.test(file) ? [{ file, position: Number(NAME.exec(file)![1]) }] : []))
    .sort((a, b) => b.position - a.position);
}

/**
 * Reads a checkpoint into an empty state.
 * @throws CheckpointError where it is damaged, or was made under other settings.
 */
export async function readCheckpoint(path: string, state: Saved & { readonly settings: StateSettings }): Promise<void> {
  const buffer = await readFile(path);
  const end = buffer.length - HASH_BYTES;
  if (end < HEADER_START || buffer.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw new CheckpointError(`${path} is not a checkpoint of this version`);
  }
  if (!createHash('sha256').update(buffer.subarray(0, end)).digest().equals(buffer.subarray(end))) {
    throw new CheckpointError(`${path} is damaged: its checksum does not match`);
  }
  const headerLength = buffer.readUInt32LE(MAGIC.length);
  const header = JSON.parse(buffer.toString('utf8', HEADER_START, HEADER_START + headerLength)) as Header;
  if (header.settings !== settingsKey(state.settings)) {
    throw new CheckpointError(`${path} was made under other settings`);
  }
  state.load(readerOf(header, buffer, align(HEADER_START + headerLength)));
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

function encode(state: Saved, { settings, position }: Omit<Header, 'sections'>): Buffer {
  const parts = sectionsOf(state);
  let end = 0;
  const sections = parts.map(({ name, type, length, bytes }): Section => {
    const offset = end;
    end = align(end + bytes.length);
    return { name, type, length, offset };
  });
  const header = Buffer.from(JSON.stringify({ settings, position, sections } satisfies Header));
  const body = align(HEADER_START + header.length);
  const buffer = Buffer.alloc(body + end);
  buffer.write(MAGIC, 'latin1');
  buffer.writeUInt32LE(header.length, MAGIC.length);
  header.copy(buffer, HEADER_START);
  parts.forEach(({ bytes }, index) => buffer.set(bytes, body + sections[index]!.offset));
  return buffer;
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
