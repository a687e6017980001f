/**
 * One flat typed array as a file, in the byte order of the machine: magic (8 bytes); version, type, CRC-32, rank (4 bytes
 * each); the shape (8 bytes a dimension); the values. The CRC is over everything else. Reading in the other byte order
 * finds an unknown version.
 */
import { crc32 } from 'node:zlib';

const MAGIC = 'RECOARRY';
const VERSION = 1;
const FIXED_BYTES = 24;
const CRC_OFFSET = 16;
const MAX_RANK = 8;

/** By name, in the order of their numbers in a file; the order is part of the format: only append. */
const TYPES = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  uint32: Uint32Array,
  uint16: Uint16Array,
  uint8: Uint8Array,
} as const;
const NAMES = Object.keys(TYPES) as ArrayType[];

export type ArrayType = keyof typeof TYPES;
/** Also over shared memory. */
export type ArrayOf<Type extends ArrayType> = {
  float32: Float32Array;
  float64: Float64Array;
  int32: Int32Array;
  uint32: Uint32Array;
  uint16: Uint16Array;
  uint8: Uint8Array;
}[Type];

export interface DecodedArray<Type extends ArrayType> {
  readonly values: ArrayOf<Type>;
  readonly shape: readonly number[];
}

/** Bytes that are no array file, are damaged, or hold another array than was asked for. */
export class ArrayFileError extends Error {
  override readonly name = 'ArrayFileError';
}

/** Throws where the values don't fill the shape. */
export function encodeArray(values: ArrayOf<ArrayType>, shape: readonly number[] = [values.length]): Uint8Array {
  const type = NAMES.findIndex((name) => values instanceof TYPES[name]);
  const expected = sizeOf(shape);
  if (expected !== values.length || shape.length > MAX_RANK) {
    throw new Error(`${values.length} values can't have the shape ${shapeText(shape)}`);
  }
  const start = FIXED_BYTES + 8 * shape.length;
  const bytes = new Uint8Array(start + values.byteLength);
  bytes.set(Buffer.from(MAGIC, 'latin1'));
  new Uint32Array(bytes.buffer, MAGIC.length, 4).set([VERSION, type, 0, shape.length]);
  new Float64Array(bytes.buffer, FIXED_BYTES, shape.length).set(shape);
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), start);
  new Uint32Array(bytes.buffer, CRC_OFFSET, 1)[0] = checksumOf(bytes);
  return bytes;
}

export interface ArrayExpectation<Type extends ArrayType> {
  readonly type: Type;
  readonly rank: number;
  /** The bytes were verified already, as those of a snapshot are: the CRC (about 1 ms for 1 MB) isn't computed again. */
  readonly verified?: boolean;
}

/**
 * A view of the bytes where they are aligned, else a copy.
 * @throws ArrayFileError
 */
export function decodeArray<Type extends ArrayType>(
  bytes: Uint8Array,
  { type, rank, verified = false }: ArrayExpectation<Type>,
): DecodedArray<Type> {
  const header = headerOf(bytes);
  const start = FIXED_BYTES + 8 * header.rank;
  if (header.type !== type || header.rank !== rank) {
    const found = `${header.type ?? 'unknown type'} of rank ${header.rank}`;
    throw new ArrayFileError(`the array is ${found}, expected ${type} of rank ${rank}`);
  }
  const shape = [...new Float64Array(bytes.slice(FIXED_BYTES, start).buffer)];
  const length = sizeOf(shape);
  const Values = TYPES[type];
  const expected = start + (length ?? 0) * Values.BYTES_PER_ELEMENT;
  if (length === null || bytes.length !== expected) {
    throw new ArrayFileError(`the array has ${bytes.length} bytes, ${shapeText(shape)} would be ${expected}`);
  }
  if (!verified && checksumOf(bytes) !== header.checksum) {
    throw new ArrayFileError('the array is damaged: its checksum does not match');
  }
  const aligned = (bytes.byteOffset + start) % Values.BYTES_PER_ELEMENT === 0;
  const from = aligned ? bytes.subarray(start) : bytes.slice(start);
  return { values: new Values(from.buffer as ArrayBuffer, from.byteOffset, length) as ArrayOf<Type>, shape };
}

function headerOf(bytes: Uint8Array): { type: ArrayType | undefined; rank: number; checksum: number } {
  if (bytes.length < FIXED_BYTES || Buffer.from(bytes.subarray(0, MAGIC.length)).toString('latin1') !== MAGIC) {
    throw new ArrayFileError('not an array file');
  }
  const [version, type, checksum, rank] = new Uint32Array(bytes.slice(MAGIC.length, FIXED_BYTES).buffer);
  if (version !== VERSION) throw new ArrayFileError(`the array has format version ${version}, expected ${VERSION}`);
  if (rank! > MAX_RANK || bytes.length < FIXED_BYTES + 8 * rank!) {
    throw new ArrayFileError(`the array says rank ${rank} within ${bytes.length} bytes`);
  }
  return { type: NAMES[type!], rank: rank!, checksum: checksum! };
}

function checksumOf(bytes: Uint8Array): number {
  return crc32(bytes.subarray(CRC_OFFSET + 4), crc32(bytes.subarray(0, CRC_OFFSET)));
}

/** Number of values; null where the shape is none. */
function sizeOf(shape: readonly number[]): number | null {
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0)) return null;
  return shape.reduce((product, size) => product * size, 1);
}

const shapeText = (shape: readonly number[]): string => `[${shape.join(' x ')}]`;
