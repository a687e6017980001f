/** What blobs there are, and removing one. */
import { type BlobConnection, isAbsent } from './blob-connection.js';

export interface BlobProperties {
  /** Name within the container. */
  readonly path: string;
  readonly bytes: number;
  /** By the service's clock, ms since 1970. */
  readonly modifiedAt: number;
  /** Hot, Cool, Cold or Archive; undefined where the account has none. */
  readonly tier: string | undefined;
}

export interface BlobListing {
  readonly blobs: readonly BlobProperties[];
  /** The service's time, ms since 1970. */
  readonly at: number;
}

/** All whose names begin so, by name; none where there is no container. A page, up to 5,000, is one call. */
export async function listBlobs(connection: BlobConnection, prefix: string): Promise<BlobListing> {
  const blobs: BlobProperties[] = [];
  let at = 0;
  let continuationToken: string | undefined;
  do {
    const page = await connection
      .read(async (container, abortSignal) => {
        const pages = container
          .listBlobsFlat({ prefix, abortSignal })
          .byPage(continuationToken === undefined ? {} : { continuationToken });
        return (await pages.next()).value;
      })
      .catch((error: unknown) => {
        if (isAbsent(error)) return undefined;
        throw error;
      });
    for (const { name, properties } of page?.segment.blobItems ?? []) {
      const { contentLength, lastModified, accessTier } = properties;
      blobs.push({
        path: name,
        bytes: contentLength ?? 0,
        modifiedAt: lastModified.getTime(),
        tier: accessTier,
      });
    }
    at = page?.date?.getTime() ?? at;
    continuationToken = page?.continuationToken === '' ? undefined : page?.continuationToken;
  } while (continuationToken !== undefined);
  return { blobs, at };
}

/** Nothing to do where it is gone. */
export async function removeBlob(connection: BlobConnection, path: string): Promise<void> {
  await connection.call((container, abortSignal) => container.getBlobClient(path).deleteIfExists({ abortSignal }));
}
