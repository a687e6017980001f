import { AzureBlobCheckpointStore } from '../../src/state/azure-blob-checkpoint-store.js';
import { checkpointStoreContract } from '../contracts/checkpoint-store.contract.js';
import { type AzuriteServer, startAzurite } from '../support/azurite.js';
import { connectTo, namesOf, newContainer, rewriteBlob } from '../support/blobs.js';

let azurite: AzuriteServer;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

describe('checkpoints in Azure Blob Storage', () => {
  checkpointStoreContract(async (run) => {
    const connection = connectTo(azurite.port, newContainer());
    const [store, other] = [connection, connection].map((one) => new AzureBlobCheckpointStore({ connection: one }));
    await run({
      store: store!,
      other: other!,
      async rewrite(position, change) {
        const prefix = `main/checkpoints/${String(position).padStart(16, '0')}`;
        for (const path of await namesOf(connection, prefix)) await rewriteBlob(connection, path, change);
      },
    });
    await store!.close();
    await other!.close();
  });
});
