/** Snapshots read in threads: the same bytes and the same errors as read by the store itself. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AzureBlobSnapshotStore } from '../src/artifacts/azure-blob-snapshot-store.js';
import { FilesSnapshotStore } from '../src/artifacts/files-snapshot-store.js';
import { SnapshotError } from '../src/artifacts/snapshot-error.js';
import { type ReadableSnapshots } from '../src/artifacts/snapshot-store.js';
import { type Config, readConfig } from '../src/config.js';
import { snapshotsOf } from '../src/open-artifacts.js';
import { type RemoteCall } from '../src/remote/guard.js';
import { SnapshotReader } from '../src/snapshot-reader.js';
import { connectionStringFor, startAzurite } from './support/azurite.js';
import { connectTo, newContainer } from './support/blobs.js';
import { startFaultProxy } from './support/fault-proxy.js';
import { publishFitted } from './support/fitted.js';
import { withFolder } from './support/server.js';

const silent = { onProblem: (message: string): void => expect(message).toBe('none') };
const configOf = (folder: string): Config => readConfig({ RECOGRAPH_DATA: folder });
const storeOf = (folder: string): FilesSnapshotStore => new FilesSnapshotStore(join(folder, 'snapshots'));

function throughThreads(folder: string, { begin }: { readonly begin: boolean }): ReadableSnapshots {
  const reader = new SnapshotReader(configOf(folder));
  if (begin) reader.begin();
  return reader.over(storeOf(folder), silent);
}

describe('snapshots of a folder, read in threads', () => {
  it('have the contents that the store itself reads, in buffers of their own', () =>
    withFolder(async (folder) => {
      const id = await publishFitted(storeOf(folder), 1);
      const read = await throughThreads(folder, { begin: false }).read(id);
      expect(read).toEqual(await storeOf(folder).read(id));
      for (const bytes of read.files.values()) {
        expect([bytes.byteOffset, bytes.buffer.byteLength]).toEqual([0, bytes.length]);
      }
    }));

  it('are there for the first who asks, where they were begun', () =>
    withFolder(async (folder) => {
      const first = await publishFitted(storeOf(folder), 1);
      const snapshots = throughThreads(folder, { begin: true });
      expect(await snapshots.current()).toBe(first);
      // What is gone by now was read before.
      const kept = await storeOf(folder).read(first);
      const second = await publishFitted(storeOf(folder), 2);
      await writeFile(join(folder, 'snapshots/main', first, 'als.json'), '');
      expect(await snapshots.read(first)).toEqual(kept);
      // From then on the store is asked.
      expect(await snapshots.current()).toBe(second);
      await expect(snapshots.read(first)).rejects.toThrow(SnapshotError);
    }));

  it('that were begun are not used once another one is to be', () =>
    withFolder(async (folder) => {
      await publishFitted(storeOf(folder), 1);
      const snapshots = throughThreads(folder, { begin: true });
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      const second = await publishFitted(storeOf(folder), 2);
      expect(await snapshots.current()).toBe(second);
      expect(await snapshots.read(second)).toEqual(await storeOf(folder).read(second));
    }));

  it('that can not be read fail as the store fails, begun or not', () =>
    withFolder(async (folder) => {
      const id = await publishFitted(storeOf(folder), 1);
      await writeFile(join(folder, 'snapshots/main', id, 'als.json'), '{}');
      const problem: unknown = await storeOf(folder)
        .read(id)
        .catch((error: unknown) => error);
      expect(problem).toMatchObject({ name: 'SnapshotError', code: 'SNAPSHOT_CORRUPT' });
      for (const begin of [false, true]) {
        const snapshots = throughThreads(folder, { begin });
        expect(await snapshots.current()).toBe(id);
        await expect(snapshots.read(id)).rejects.toEqual(problem);
      }
    }));

  it('are none in an empty folder', () =>
    withFolder(async (folder) => {
      expect(await throughThreads(folder, { begin: true }).current()).toBeNull();
    }));
});

describe('snapshots in Azure Blob Storage, read in threads', () => {
  it('tell of calls and of a service that is away, and are read once it is back', async () => {
    const azurite = await startAzurite();
    const proxy = await startFaultProxy(azurite.port);
    const container = newContainer();
    const id = await publishFitted(new AzureBlobSnapshotStore(connectTo(azurite.port, container)), 1);
    const config = readConfig({
      AZURE_STORAGE_CONNECTION_STRING: connectionStringFor(proxy.port),
      AZURE_STORAGE_CONTAINER: container,
    });
    const calls: RemoteCall[] = [];
    const told = { onProblem: (): void => undefined, onCall: (call: RemoteCall): void => void calls.push(call) };
    proxy.set({ away: true });
    const reader = new SnapshotReader(config);
    reader.begin();
    const snapshots = reader.over(snapshotsOf(config, told), told);
    await expect(snapshots.current()).rejects.toMatchObject({ code: 'REMOTE_UNAVAILABLE' });
    await expect(snapshots.read(id)).rejects.toMatchObject({ code: 'REMOTE_UNAVAILABLE' });
    proxy.set({});
    calls.length = 0;
    const read = await snapshots.read(id);
    expect(read).toEqual(await new AzureBlobSnapshotStore(connectTo(azurite.port, container)).read(id));
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.every(({ outcome, service }) => outcome === 'ok' && service === 'Azure Blob Storage')).toBe(true);
    await proxy.close();
    await azurite.stop();
  });
});
