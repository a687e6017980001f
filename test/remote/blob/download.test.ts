import { createHash } from 'node:crypto';
import { downloadBlobs } from '../../../src/remote/blob/download.js';
import { uploadBlob } from '../../../src/remote/blob/upload.js';
import { type AzuriteServer, startAzurite } from '../../support/azurite.js';
import { connectTo, newContainer } from '../../support/blobs.js';

describe('downloadBlobs', () => {
  let azurite: AzuriteServer;
  beforeAll(async () => {
    azurite = await startAzurite();
  });
  afterAll(() => azurite.stop());

  it('reads a blob in more ranges than are under way at once, with the checksum of all of it', async () => {
    const connection = connectTo(azurite.port, newContainer());
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, at) => (at * 7) % 251));
    await uploadBlob(connection, 'some', bytes);
    const options = { rangeBytes: 9_000, atOnce: 3 };
    const [whole, part] = await downloadBlobs(
      connection,
      [
        { path: 'some', bytes: 100_000 },
        { path: 'some', bytes: 20_000 },
      ],
      options,
    );
    const sha256 = (of: Uint8Array): string => createHash('sha256').update(of).digest('hex');
    expect([whole, part]).toEqual([
      { bytes: new Uint8Array(bytes), sha256: sha256(bytes) },
      { bytes: new Uint8Array(bytes.subarray(0, 20_000)), sha256: sha256(bytes.subarray(0, 20_000)) },
    ]);
  });

  it('says by a code that a blob ends before the size that was told, and reads one that has grown up to there', async () => {
    const connection = connectTo(azurite.port, newContainer());
    await uploadBlob(connection, 'some', Buffer.from('ten bytes!'));
    await expect(downloadBlobs(connection, [{ path: 'some', bytes: 20 }])).rejects.toMatchObject({
      name: 'ShortBlobError',
      code: 'BLOB_SHORT',
      message: 'some has 10 bytes, expected at least 20',
    });
    const [read] = await downloadBlobs(connection, [{ path: 'some', bytes: 3 }]);
    expect(Buffer.from(read!.bytes).toString()).toBe('ten');
  });
});
