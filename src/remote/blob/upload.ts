/** Writes a blob in blocks, several side by side; it is there, whole, once the last call lists the blocks, and not before. */
import { persist } from '../persist.js';
import { type BlobConnection } from './blob-connection.js';

const BLOCK_BYTES = 4 * 2 ** 20;
const AT_ONCE = 8;

/**
 * In place of an earlier one of this name, if there is any.
 * @throws RemoteUnavailableError where a block was refused for as long as one call may take
 */
export async function uploadBlob(connection: BlobConnection, path: string, bytes: Uint8Array): Promise<void> {
  const again = <T>(attempt: () => Promise<T>): Promise<T> => persist(attempt, { forMs: connection.timeoutMs });
  const ids = Array.from({ length: Math.ceil(bytes.length / BLOCK_BYTES) }, (_, at) => blockId(at));
  let next = 0;
  const stage = async (): Promise<void> => {
    for (let at = next++; at < ids.length; at = next++) {
      const block = bytes.subarray(at * BLOCK_BYTES, (at + 1) * BLOCK_BYTES);
      await again(() =>
        connection.write((container, abortSignal) =>
          container.getBlockBlobClient(path).stageBlock(ids[at]!, block, block.length, { abortSignal }),
        ),
      ).catch((error: unknown) => {
        next = ids.length; // the others end
        throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, stage));
  await again(() =>
    connection.write((container, abortSignal) =>
      container.getBlockBlobClient(path).commitBlockList(ids, { abortSignal }),
    ),
  );
}

/** All of a blob must be equally long. */
const blockId = (at: number): string => Buffer.from(String(at).padStart(6, '0')).toString('base64');
