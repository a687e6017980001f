/** Reads a small blob whole; one that was read before is sent again only where it has changed (If-None-Match, status 304). */
import { type BlobConnection, isAbsent, statusOf } from './blob-connection.js';

export interface BlobText {
  readonly text: string;
  /** Which version of the blob this is. */
  readonly etag: string;
}

/** Null where there is no such blob. @throws RemoteUnavailableError; the SDK's RestError */
export async function readText(
  connection: BlobConnection,
  path: string,
  known: BlobText | null = null,
): Promise<BlobText | null> {
  const conditions = known === null ? {} : { ifNoneMatch: known.etag };
  try {
    return await connection.read(async (container, abortSignal) => {
      const options = { abortSignal, conditions, maxRetryRequests: 0 };
      const { etag, readableStreamBody } = await container.getBlobClient(path).download(0, undefined, options);
      const chunks: Buffer[] = [];
      for await (const chunk of readableStreamBody!) chunks.push(chunk as Buffer);
      return { text: Buffer.concat(chunks).toString(), etag: etag! };
    });
  } catch (error) {
    if (statusOf(error) === 304) return known;
    if (isAbsent(error)) return null;
    throw error;
  }
}
