/** Commands and servers, over snapshots in Azure Blob Storage: what one publishes the others take. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AzureBlobSnapshotStore } from '../src/artifacts/azure-blob-snapshot-store.js';
import { type SnapshotStore } from '../src/artifacts/snapshot-store.js';
import { createEngine } from '../src/engine/recommend.js';
import { BUILT_IN_SCENARIOS } from '../src/engine/scenario.js';
import { writeLightgbm } from '../src/engine/trees/write-lightgbm.js';
import { openArtifacts } from '../src/open-artifacts.js';
import { readConfig } from '../src/config.js';
import { SnapshotKeeper } from '../src/snapshot-keeper.js';
import { AzureBlobCheckpointStore } from '../src/state/azure-blob-checkpoint-store.js';
import { FilesCheckpointStore } from '../src/state/files-checkpoint-store.js';
import { type AzuriteServer, startAzurite } from './support/azurite.js';
import { connectTo, newContainer, rewriteBlob } from './support/blobs.js';
import { runCommandIn } from './support/command.js';
import { ensembleOf } from './support/ensembles.js';
import { startFaultProxy } from './support/fault-proxy.js';
import { publishFitted } from './support/fitted.js';
import { startProcess, withFolder } from './support/server.js';
import { click, NOON, stateOf } from './support/state.js';

let azurite: AzuriteServer;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

const environment = (container: string): Record<string, string> => ({
  AZURE_STORAGE_CONNECTION_STRING: azurite.connectionString,
  AZURE_STORAGE_CONTAINER: container,
});

describe('the settings choose where artifacts are', () => {
  const quiet = (): void => undefined;

  it('folders, where no account is set', async () => {
    const open = await openArtifacts(readConfig({ RECOGRAPH_DATA: 'somewhere' }), { onProblem: quiet });
    expect(open.snapshots).not.toBeInstanceOf(AzureBlobSnapshotStore);
    expect(open.checkpointsOf({ history: 'shared' })).toBeInstanceOf(FilesCheckpointStore);
  });

  it.each([{ AZURE_STORAGE_ACCOUNT: 'account' }, { AZURE_STORAGE_CONNECTION_STRING: 'UseDevelopmentStorage=true' }])(
    'Blob Storage with %j, but checkpoints of a log that nobody shares stay beside it',
    async (variables) => {
      const open = await openArtifacts(readConfig(variables), { onProblem: quiet });
      expect(open.snapshots).toBeInstanceOf(AzureBlobSnapshotStore);
      expect(open.checkpointsOf({ history: 'shared' })).toBeInstanceOf(AzureBlobCheckpointStore);
      expect(open.checkpointsOf({})).toBeInstanceOf(FilesCheckpointStore);
    },
  );
});

describe('a keeper of snapshots in Azure Blob Storage', () => {
  const keeperOf = (store: SnapshotStore): SnapshotKeeper =>
    new SnapshotKeeper({
      store,
      engine: createEngine({ clock: () => 0 }),
      state: stateOf(['a', 'b', 'c'].map((item, at) => click('u', item, at))),
      scenario: BUILT_IN_SCENARIOS[0]!,
      now: () => NOON,
      clock: () => performance.now(),
      rankersKeptMs: 60_000,
    });
  const until = async (keeper: SnapshotKeeper, id: string): Promise<void> => {
    while (keeper.snapshot?.id !== id) await keeper.look();
  };

  it('serves none while the service is away at the start, says why, and takes the snapshot once it is back', async () => {
    const container = newContainer();
    const near = new AzureBlobSnapshotStore(connectTo(azurite.port, container));
    const id = await publishFitted(near, 1);
    const proxy = await startFaultProxy(azurite.port);
    proxy.set({ away: true });
    const keeper = keeperOf(new AzureBlobSnapshotStore(connectTo(proxy.port, container, { timeoutMs: 2_000 })));
    await keeper.look();
    expect(keeper.snapshot).toBeNull();
    expect(keeper.problem).toMatchObject({ id: null, code: 'REMOTE_UNAVAILABLE' });
    proxy.set({});
    await until(keeper, id);
    expect(keeper.problem).toBeNull();
    // Later on the last good one stays.
    proxy.set({ away: true });
    await keeper.look();
    expect(keeper.snapshot!.id).toBe(id);
    expect(keeper.problem).toMatchObject({ code: 'REMOTE_UNAVAILABLE' });
    proxy.set({});
    await until(keeper, await publishFitted(near, 2));
    await proxy.close();
  });

  it('stays on the last good one where the next is damaged', async () => {
    const connection = connectTo(azurite.port, newContainer());
    const store = new AzureBlobSnapshotStore(connection);
    const keeper = keeperOf(store);
    await keeper.look();
    expect([keeper.snapshot, keeper.problem]).toEqual([null, null]);
    const good = await publishFitted(store, 1);
    await keeper.look();
    const bad = await publishFitted(store, 2);
    await rewriteBlob(connection, `main/snapshots/${bad}/als-items.array`, (bytes) => bytes.fill(1, 60, 70));
    await keeper.look();
    expect(keeper.snapshot!.id).toBe(good);
    expect(keeper.problem).toMatchObject({ id: bad, code: 'SNAPSHOT_CORRUPT' });
  });
});

describe('commands and servers share a container', () => {
  it('a snapshot that is in a container is served, listed, and rolled back from by command', () =>
    withFolder(async (folder) => {
      const container = newContainer();
      const store = new AzureBlobSnapshotStore(connectTo(azurite.port, container));
      const first = await publishFitted(store, 1);
      const second = await publishFitted(store, 2);
      const server = await startProcess(folder, { ...environment(container), SNAPSHOT_POLL_MS: '20' });
      const served = async (): Promise<string | null> => {
        const ready = (await (await fetch(`${server.url}/readyz`)).json()) as { snapshot: { id: string | null } };
        return ready.snapshot.id;
      };
      expect(await served()).toBe(second);
      const command = (...args: string[]) => runCommandIn(environment(container), ...args, '--data', folder);
      expect((await command('snapshots', 'list')).stdout).toContain(first);
      expect((await command('snapshots', 'rollback')).stdout).toContain(`readers take ${first}`);
      while ((await served()) !== first) await new Promise((resolve) => setTimeout(resolve, 20));
      expect(await server.kill('SIGTERM')).toBe(0);
    }));

  it('a model that is adopted becomes LATEST there, and a folder given by name stays a folder', () =>
    withFolder(async (folder) => {
      const container = newContainer();
      const model = join(folder, 'ranker.txt');
      await writeFile(
        model,
        writeLightgbm(ensembleOf([{ feature: 'age', threshold: 3, low: 1, high: 0 }], ['share_all_30m', 'age'])),
      );
      const adopt = (...args: string[]) =>
        runCommandIn(environment(container), 'adopt', model, '--data', folder, ...args);
      const { stdout, stderr } = await adopt();
      expect(stderr).toBe('');
      const id = /snapshot (\S+) is LATEST/.exec(stdout)![1];
      const store = new AzureBlobSnapshotStore(connectTo(azurite.port, container));
      expect(await store.latest()).toBe(id);
      await adopt('--snapshots', join(folder, 'elsewhere'));
      expect(await store.list()).toHaveLength(1);
    }));

  it('a command says where the service is away', () =>
    withFolder(async (folder) => {
      const away = {
        AZURE_STORAGE_CONNECTION_STRING:
          'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YQ==;BlobEndpoint=http://127.0.0.1:1/a;',
      };
      const { code, stderr } = await runCommandIn(away, 'snapshots', 'list', '--data', folder);
      expect(code).not.toBe(0);
      expect(stderr).toContain('REMOTE_UNAVAILABLE');
    }));
});
