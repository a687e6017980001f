/** Files that are on disk once written, and files read with their checksum; neither keeps the event loop for long. */
import { createHash, randomUUID } from 'node:crypto';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Hashed, read or written between two turns of the event loop: 1 to 2 ms. */
const CHUNK_BYTES = 2 ** 20;

/** Writes a new file, flushed; resolves to its SHA-256 in hex. The name itself lasts once the folder is flushed. */
export async function writeDurable(path: string, bytes: Uint8Array): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'wx');
  try {
    for (let start = 0; start < bytes.length;) {
      const { bytesWritten } = await file.write(bytes, start, Math.min(CHUNK_BYTES, bytes.length - start));
      hash.update(bytes.subarray(start, start + bytesWritten));
      start += bytesWritten;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}

/** The first `size` bytes of a file, in a buffer of their own, and their SHA-256 in hex; fewer where it is shorter. */
export async function readHashed(path: string, size: number): Promise<{ bytes: Uint8Array; sha256: string }> {
  const hash = createHash('sha256');
  const bytes = new Uint8Array(Buffer.allocUnsafeSlow(size).buffer);
  const file = await open(path, 'r');
  let end = 0;
  try {
    while (end < size) {
      const { bytesRead } = await file.read(bytes, end, Math.min(CHUNK_BYTES, size - end), end);
      if (bytesRead === 0) break;
      hash.update(bytes.subarray(end, end + bytesRead));
      end += bytesRead;
    }
  } finally {
    await file.close();
  }
  return { bytes: bytes.subarray(0, end), sha256: hash.digest('hex') };
}

/** What a file is written as before it is moved into place ends so; a crash can leave one behind. */
export const DRAFT = '.draft';

/** Writes a file whole, in place of an earlier one if there is any: a crash leaves the old one or the new one. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID()}${DRAFT}`;
  await writeDurable(draft, Buffer.from(text));
  await rename(draft, path);
  await flush(dirname(path));
}

/** Resolves when the contents of a file, or the names in a folder, are on disk. */
export async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  await handle.sync().finally(() => handle.close());
}
