/** Files that are on disk once written, and files read with their checksum; neither keeps the event loop for long. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

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

/** Flushes the names in a folder. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
