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
