/**
 * A slate as bytes: what a store puts in front, one byte that says the format, then a structured clone, which keeps typed arrays as
 * they are. What can't be read (cut off, foreign, of another release) is no slate and no error.
 */
import { DefaultSerializer, deserialize } from 'node:v8';

const FORMAT = Buffer.of(1);
const NOTHING = Buffer.alloc(0);

export function encodeSlate(slate: object, before: Buffer = NOTHING): Buffer {
  const serializer = new DefaultSerializer();
  serializer.writeRawBytes(before);
  serializer.writeRawBytes(FORMAT);
  serializer.writeHeader();
  serializer.writeValue(slate);
  return serializer.releaseBuffer();
}

/** @param bytes without what was put in front */
export function decodeSlate<Slate extends { readonly id: string }>(bytes: Buffer, id: string): Slate | null {
  if (bytes[0] !== FORMAT[0]) return null;
  try {
    const slate = deserialize(bytes.subarray(FORMAT.length)) as Slate | null;
    return slate?.id === id ? slate : null;
  } catch {
    return null;
  }
}
