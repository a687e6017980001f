import { randomUUID } from 'node:crypto';
import { AzureBlobSnapshotStore } from '../../src/artifacts/azure-blob-snapshot-store.js';
import { BlobConnection } from '../../src/remote/blob/blob-connection.js';
import { snapshotStoreContract } from '../contracts/snapshot-store.contract.js';
import { type AzuriteServer, startAzurite } from '../support/azurite.js';

let azurite: AzuriteServer;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

const connect = (container: string): BlobConnection =>
  new BlobConnection({ account: { connectionString: azurite.connectionString }, container, timeoutMs: 10_000 });

describe('snapshots in Azure Blob Storage', () => {
  snapshotStoreContract((run) => {
    const container = randomUUID();
    return run(new AzureBlobSnapshotStore(connect(container)), new AzureBlobSnapshotStore(connect(container)));
  });
});
