/** Containers of a test's own in an Azurite, and what tests do to blobs behind the stores' backs. */
import { randomUUID } from 'node:crypto';
import { BlobConnection, type BlobConnectionOptions } from '../../src/remote/blob/blob-connection.js';
import { listBlobs } from '../../src/remote/blob/list.js';
import { uploadBlob } from '../../src/remote/blob/upload.js';
import { connectionStringFor } from './azurite.js';

export const newContainer = (): string => `test-${randomUUID()}`;

/** To the container at this port, that of an Azurite or of a proxy before it. */
export function connectTo(
  port: number,
  container: string,
  options: Partial<BlobConnectionOptions> = {},
): BlobConnection {
  const account = { connectionString: connectionStringFor(port) };
  return new BlobConnection({ account, container, timeoutMs: 10_000, ...options });
}

export async function namesOf(connection: BlobConnection, prefix = ''): Promise<string[]> {
  return (await listBlobs(connection, prefix)).blobs.map(({ path }) => path);
}

/** Replaces the bytes of a blob. */
export async function rewriteBlob(
  connection: BlobConnection,
  path: string,
  change: (bytes: Buffer) => Buffer,
): Promise<void> {
  const bytes = await connection.call((container) => container.getBlobClient(path).downloadToBuffer());
  await uploadBlob(connection, path, change(bytes));
}
