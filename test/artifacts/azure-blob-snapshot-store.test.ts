import { AzureBlobSnapshotStore } from '../../src/artifacts/azure-blob-snapshot-store.js';
import { parseSealed, seal, unseal } from '../../src/artifacts/sealed-json.js';
import { type SnapshotStore } from '../../src/artifacts/snapshot-store.js';
import { type BlobConnection } from '../../src/remote/blob/blob-connection.js';
import { listBlobs, removeBlob } from '../../src/remote/blob/list.js';
import { snapshotStoreContract } from '../contracts/snapshot-store.contract.js';
import { type AzuriteServer, startAzurite } from '../support/azurite.js';
import { connectTo, namesOf, newContainer, rewriteBlob } from '../support/blobs.js';
import { draft } from '../support/snapshots.js';

let azurite: AzuriteServer;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

const HEAD = 'main/snapshots/LATEST';
const put = (connection: BlobConnection, path: string, text: string): Promise<unknown> =>
  connection.write((container) => container.getBlockBlobClient(path).upload(text, text.length));
const tiersOf = async (connection: BlobConnection, id: string): Promise<(string | undefined)[]> =>
  (await listBlobs(connection, `main/snapshots/${id}/`)).blobs.map(({ tier }) => tier);

interface One {
  readonly store: SnapshotStore;
  readonly connection: BlobConnection;
  readonly id: string;
  /** Path of a file of the snapshot. */
  readonly pathOf: (file: string) => string;
}

/** Runs with a store that has one snapshot, LATEST. */
async function withOne(run: (one: One) => Promise<void>): Promise<void> {
  const connection = connectTo(azurite.port, newContainer());
  const store = new AzureBlobSnapshotStore(connection);
  const { id } = await store.publish(draft(0));
  await store.moveLatest(null, id);
  await run({ store, connection, id, pathOf: (file) => `main/snapshots/${id}/${file}` });
}

describe('snapshots in Azure Blob Storage', () => {
  snapshotStoreContract((run) => {
    const container = newContainer();
    const [store, other] = [1, 2].map(() => new AzureBlobSnapshotStore(connectTo(azurite.port, container)));
    return run(store!, other!);
  });

  describe('refuses a snapshot', () => {
    const reseal = ({ connection, pathOf }: One, changes: object): Promise<void> =>
      rewriteBlob(connection, pathOf('manifest.json'), (bytes) =>
        Buffer.from(seal({ ...unseal(parseSealed(bytes.toString())), ...changes })),
      );
    const CASES: [string, (one: One) => Promise<unknown>, string, string][] = [
      [
        'with a changed byte in a file',
        ({ connection, pathOf }) =>
          rewriteBlob(connection, pathOf('items.txt'), (bytes) => bytes.fill(0, 2_500_000, 2_500_001)),
        'SNAPSHOT_CORRUPT',
        'has other contents in items.txt',
      ],
      [
        'with a file cut short',
        ({ connection, pathOf }) => rewriteBlob(connection, pathOf('items.txt'), (bytes) => bytes.subarray(0, 10)),
        'SNAPSHOT_CORRUPT',
        'has 10 bytes in items.txt, expected 3000000',
      ],
      [
        'without one of its files',
        ({ connection, pathOf }) => removeBlob(connection, pathOf('factors.bin')),
        'SNAPSHOT_CORRUPT',
        'has no file factors.bin',
      ],
      [
        'with a file too many',
        ({ connection, pathOf }) => put(connection, pathOf('extra'), 'x'),
        'SNAPSHOT_CORRUPT',
        'has a file extra',
      ],
      [
        'without a manifest',
        ({ connection, pathOf }) => removeBlob(connection, pathOf('manifest.json')),
        'SNAPSHOT_CORRUPT',
        'has no manifest.json',
      ],
      [
        'whose manifest is cut short',
        ({ connection, pathOf }) => rewriteBlob(connection, pathOf('manifest.json'), (bytes) => bytes.subarray(0, 99)),
        'SNAPSHOT_CORRUPT',
        'is not JSON',
      ],
      [
        'with the manifest of another one',
        (one) => reseal(one, { id: '20171014T060000000Z-00000000' }),
        'SNAPSHOT_CORRUPT',
        'has the manifest of 20171014T060000000Z-00000000',
      ],
      ['of another version', (one) => reseal(one, { version: 2 }), 'SNAPSHOT_FOREIGN', 'version 2, expected'],
      ['of another tenant', (one) => reseal(one, { tenant: 'b' }), 'SNAPSHOT_FOREIGN', 'belongs to tenant "b"'],
      [
        'with a file in the Archive tier',
        ({ connection, pathOf }) =>
          connection.call((container) => container.getBlobClient(pathOf('items.txt')).setAccessTier('Archive')),
        'SNAPSHOT_ARCHIVED',
        'has items.txt in the Archive tier',
      ],
      [
        'with its manifest in the Archive tier',
        ({ connection, pathOf }) =>
          connection.call((container) => container.getBlobClient(pathOf('manifest.json')).setAccessTier('Archive')),
        'SNAPSHOT_ARCHIVED',
        'has manifest.json in the Archive tier',
      ],
    ];
    it.each(CASES)('%s', (_, damage, code, reason) =>
      withOne(async (one) => {
        await damage(one);
        const { store, id } = one;
        const refused = { code, message: expect.stringContaining(reason) as string };
        await expect(store.read(id)).rejects.toMatchObject(refused);
        await expect(store.pin(id)).rejects.toMatchObject(refused);
        await expect(store.moveLatest(id, id)).rejects.toMatchObject(refused);
        // Contents alone are not looked at in a list.
        const problem = reason.startsWith('has other contents') ? null : refused;
        const [entry] = await store.list();
        expect(entry).toMatchObject({ id, latest: true });
        if (problem === null) expect(entry!.problem).toBeNull();
        else expect(entry!.problem).toMatchObject(problem);
      }),
    );

    it('that was removed in the meantime as absent, not as damaged', () =>
      withOne(async ({ store, connection, id }) => {
        for (const path of await namesOf(connection, 'main/snapshots/2')) await removeBlob(connection, path);
        await expect(store.read(id)).rejects.toMatchObject({ code: 'SNAPSHOT_NOT_FOUND' });
      }));
  });

  it('takes what has no manifest for no snapshot, and sweeps it up only once its removal was decided', () =>
    withOne(async ({ store, connection, id }) => {
      const [half, removed] = ['20171014T070000000Z-00000000', '20171014T080000000Z-00000000'];
      for (const one of [half, removed]) await put(connection, `main/snapshots/${one}/factors.bin`, 'x');
      expect((await store.list()).map((entry) => entry.id)).toEqual([id]);
      await rewriteBlob(connection, HEAD, (bytes) =>
        Buffer.from(seal({ ...unseal(parseSealed(bytes.toString())), removed: [removed] })),
      );
      await store.publish(draft(1));
      expect(await namesOf(connection, `main/snapshots/${half}`)).toHaveLength(1);
      expect(await namesOf(connection, `main/snapshots/${removed}`)).toHaveLength(0);
    }));

  describe('LATEST', () => {
    it('that is damaged or lost is an error, not an empty store, until a snapshot is pinned in its place', async () => {
      for (const damage of [
        (connection: BlobConnection) => rewriteBlob(connection, HEAD, (bytes) => bytes.subarray(0, 20)),
        (connection: BlobConnection) => removeBlob(connection, HEAD),
      ]) {
        await withOne(async ({ store, connection, id }) => {
          await damage(connection);
          const lost = { code: 'SNAPSHOT_CORRUPT' };
          await expect(store.current()).rejects.toMatchObject(lost);
          await expect(store.moveLatest(null, id)).rejects.toMatchObject(lost);
          await expect(store.rollback()).rejects.toMatchObject(lost);
          await expect(store.prune(1)).rejects.toMatchObject(lost);
          await store.pin(id);
          await store.unpin();
          expect([await store.current(), await store.latest()]).toEqual([id, id]);
        });
      }
    });

    it('is sent once, and after that only where it has changed', () =>
      withOne(async ({ connection, id }) => {
        const store = new AzureBlobSnapshotStore(connection);
        await store.current();
        await store.manifest(id);
        const call = jest.spyOn(connection, 'read');
        for (let look = 0; look < 3; look++) {
          expect(await store.current()).toBe(id);
          expect((await store.manifest(id)).id).toBe(id);
        }
        // Each look asks for the head and for the version of the manifest; nothing is listed.
        expect(call).toHaveBeenCalledTimes(6);
        const outcomes = await Promise.allSettled(call.mock.results.map(({ value }) => value as Promise<unknown>));
        const statuses = outcomes.map((one) =>
          one.status === 'rejected' ? (one.reason as { statusCode: number }).statusCode : 200,
        );
        expect(statuses).toEqual([304, 200, 304, 200, 304, 200]);
      }));
  });

  describe('tiers', () => {
    it('lay away what nobody takes or can go back to, and fetch back what is pinned', () =>
      withOne(async ({ store, connection, id: first }) => {
        const rejected = (await store.publish(draft(1))).id;
        const second = (await store.publish(draft(2))).id;
        await store.moveLatest(first, second);
        expect(await tiersOf(connection, rejected)).toEqual(['Cool', 'Cool', 'Cool', 'Hot']);
        for (const id of [first, second]) expect(await tiersOf(connection, id)).toEqual(['Hot', 'Hot', 'Hot', 'Hot']);
        expect([...(await store.read(rejected)).files.keys()]).toEqual(['factors.bin', 'items.txt', 'empty']);
        await store.pin(rejected);
        expect(await tiersOf(connection, rejected)).toEqual(['Hot', 'Hot', 'Hot', 'Hot']);
      }));
  });
});
