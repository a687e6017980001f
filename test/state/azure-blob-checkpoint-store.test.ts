import { MemoryUserRecords } from '../../src/profiles/memory-user-records.js';
import { AzureBlobCheckpointStore } from '../../src/state/azure-blob-checkpoint-store.js';
import { stateHash } from '../../src/state/checkpoint.js';
import { Follower, type FollowerOptions } from '../../src/state/follower.js';
import { DEFAULT_STATE_SETTINGS } from '../../src/state/state-settings.js';
import { type BlobConnection } from '../../src/remote/blob/blob-connection.js';
import { checkpointStoreContract, stateAt } from '../contracts/checkpoint-store.contract.js';
import { type AzuriteServer, startAzurite } from '../support/azurite.js';
import { connectTo, namesOf, newContainer, rewriteBlob } from '../support/blobs.js';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.js';
import { openMemoryLog } from '../support/memory-log.js';
import { click } from '../support/state.js';

const INDEX = 'main/checkpoints/INDEX';

let azurite: AzuriteServer;
let proxy: FaultProxy;
beforeAll(async () => {
  azurite = await startAzurite();
  proxy = await startFaultProxy(azurite.port);
});
afterEach(() => proxy.set({}));
afterAll(async () => {
  await proxy.close();
  await azurite.stop();
});

interface Place {
  readonly connection: BlobConnection;
  /** Over the proxy. */
  readonly far: BlobConnection;
  /** A store of another process. */
  readonly open: (connection?: BlobConnection) => AzureBlobCheckpointStore;
}

async function withPlace(run: (place: Place) => Promise<void>): Promise<void> {
  const container = newContainer();
  const connection = connectTo(azurite.port, container);
  const far = connectTo(proxy.port, container, { timeoutMs: 400 });
  const opened: AzureBlobCheckpointStore[] = [];
  const open = (through = connection): AzureBlobCheckpointStore => {
    opened.push(new AzureBlobCheckpointStore({ connection: through, leaseSeconds: 15 }));
    return opened.at(-1)!;
  };
  await run({ connection, far, open });
  proxy.set({});
  for (const store of opened) await store.close().catch(() => undefined);
}

const pathOf = async (connection: BlobConnection, position: number): Promise<string> =>
  (await namesOf(connection, `main/checkpoints/${String(position).padStart(16, '0')}`))[0]!;

describe('checkpoints in Azure Blob Storage', () => {
  checkpointStoreContract((run) =>
    withPlace(({ connection, open }) =>
      run({
        store: open(),
        other: open(),
        rewrite: async (position, change) => rewriteBlob(connection, await pathOf(connection, position), change),
      }),
    ),
  );

  it('are written by one elected process, and by no other', () =>
    withPlace(async ({ open }) => {
      const [first, second, third] = [open(), open(), open()];
      expect(await first.write(stateAt(3))).toEqual([3]);
      expect(await second.write(stateAt(5))).toEqual([]);
      expect(await first.write(stateAt(4))).toEqual([4, 3]);
      await first.close();
      expect(await third.write(stateAt(6))).toEqual([6, 4]);
      expect(await second.write(stateAt(7))).toEqual([]);
      expect((await second.list()).map(({ position }) => position)).toEqual([6, 4]);
    }));

  it('are written by another process once the one that did has died', () =>
    withPlace(async ({ open, far }) => {
      await open(far).write(stateAt(3));
      proxy.set({ away: true });
      const heir = open();
      while ((await heir.write(stateAt(5))).length === 0) await new Promise((resolve) => setTimeout(resolve, 500));
      expect((await heir.list()).map(({ position }) => position)).toEqual([5, 3]);
    }));

  it('of which the upload was cut never count, and are swept up by the next one', () =>
    withPlace(async ({ connection, far, open }) => {
      const store = open(far);
      await store.write(stateAt(2));
      const whole = await namesOf(connection);
      proxy.set({ cutRequestAfter: 8_000 });
      await expect(store.write(stateAt(40))).rejects.toMatchObject({ code: 'REMOTE_UNAVAILABLE' });
      proxy.set({});
      expect(await store.list()).toHaveLength(1);
      await connection.call((container) =>
        container.getBlockBlobClient('main/checkpoints/0000000000000040-left.bin').upload('half', 4),
      );
      for (;;) {
        if ((await store.write(stateAt(41)).catch(() => [])).length === 2) break;
      }
      expect(await namesOf(connection)).toEqual([whole[0], await pathOf(connection, 41), INDEX].toSorted());
    }));

  it('that were being written when another process took over do not count', () =>
    withPlace(async ({ connection, open }) => {
      const [slow, other] = [open(), open()];
      await slow.write(stateAt(2));
      const call = connection.write.bind(connection);
      // As if it were held up between the upload and the index.
      jest.spyOn(connection, 'write').mockImplementationOnce(async (run) => {
        const done = await call(run);
        jest.restoreAllMocks();
        await other.write(stateAt(9), { only: true });
        return done;
      });
      expect(await slow.write(stateAt(5))).toEqual([]);
      expect(await namesOf(connection)).toEqual([await pathOf(connection, 9), INDEX]);
    }));

  it('are never displaced by older ones, whichever process comes with them', () =>
    withPlace(async ({ open }) => {
      const first = open();
      for (const position of [30, 40]) await first.write(stateAt(position));
      await first.close();
      const second = open();
      for (const position of [10, 35]) expect(await second.write(stateAt(position))).toEqual([]);
      expect((await second.list()).map(({ position }) => position)).toEqual([40, 30]);
      expect(await second.write(stateAt(41))).toEqual([41, 40]);
    }));

  it('are never older than the last erasure, of whatever settings and by whatever process', () =>
    withPlace(async ({ open }) => {
      const [one, other, third] = [open(), open(), open()];
      await one.write(stateAt(3), { log: 'this' });
      await other.write(stateAt(9), { log: 'this', only: true });
      // Another erasure that began before and ends after it.
      expect(await one.write(stateAt(8), { log: 'this', only: true })).toEqual([]);
      for (const scopes of [DEFAULT_STATE_SETTINGS.scopes, ['all']]) {
        expect(await one.write(stateAt(8, { scopes }), { log: 'this' })).toEqual([]);
      }
      expect((await one.list()).map(({ position }) => position)).toEqual([9]);
      expect(await one.write(stateAt(10), { log: 'this' })).toEqual([10, 9]);
      // Positions of another log have nothing to do with it, and that it was there makes nothing forgotten.
      expect(await one.write(stateAt(2), { log: 'that' })).toEqual([2]);
      await one.close();
      expect(await third.write(stateAt(8), { log: 'this' })).toEqual([]);
    }));

  it('that are newer stay where an erasure that is behind them writes its own', () =>
    withPlace(async ({ open }) => {
      const [one, other] = [open(), open()];
      for (const position of [4, 8]) await one.write(stateAt(position));
      expect(await other.write(stateAt(6), { only: true })).toEqual([8, 6]);
      expect(await one.write(stateAt(5))).toEqual([]);
    }));

  it('are told of as those of this log, these settings and this fold alone', () =>
    withPlace(async ({ open }) => {
      const store = open();
      await store.write(stateAt(5), { log: 'this' });
      expect(await store.write(stateAt(4, { scopes: ['all'] }), { log: 'this' })).toEqual([4]);
      expect(await store.write(stateAt(6), { log: 'this', fold: 1 })).toEqual([6]);
      expect(await store.list()).toMatchObject([
        { position: 6, fold: 1 },
        { position: 5, fold: 0 },
      ]);
      expect(await store.write(stateAt(7), { log: 'that' })).toEqual([7]);
    }));

  it('with a damaged index are none, and the next one is written all the same', () =>
    withPlace(async ({ connection, open }) => {
      const store = open();
      await store.write(stateAt(2));
      await store.close();
      await rewriteBlob(connection, INDEX, (bytes) => bytes.subarray(0, 30));
      await expect(store.list()).rejects.toThrow('the index of checkpoints is damaged');
      expect(await store.write(stateAt(3))).toEqual([3]);
    }));
});

describe('a follower whose checkpoints are in Azure Blob Storage', () => {
  async function logOf(count: number): Promise<FollowerOptions['log']> {
    const log = { ...openMemoryLog(), history: 'shared' };
    for (let at = 0; at < count; at++) await log.append([click('u', `item-${at}`, at)]);
    return log;
  }
  const optionsOf = (rest: Pick<FollowerOptions, 'log' | 'checkpoints'>, told: string[] = []): FollowerOptions => ({
    records: new MemoryUserRecords(),
    settings: DEFAULT_STATE_SETTINGS,
    onProblem: (message) => told.push(message),
    ...rest,
  });

  it('starts from what another replica has written', () =>
    withPlace(async ({ open }) => {
      const log = await logOf(20);
      const first = await Follower.open(optionsOf({ log, checkpoints: open() }));
      await first.checkpoint();
      await log.append([click('u', 'last', 30)]);
      const read = jest.spyOn(log, 'read');
      const second = await Follower.open(optionsOf({ log, checkpoints: open() }));
      expect(read.mock.calls[0]![0]).toBe(20);
      await first.catchUp();
      expect(stateHash(second.state)).toBe(stateHash(first.state));
      // Not the one that writes: it goes on without.
      await second.checkpoint();
      await second.close();
    }));

  it('folds from the log where the service is away at the start, and writes once it is back', () =>
    withPlace(async ({ far, open }) => {
      const told: string[] = [];
      const log = await logOf(10);
      proxy.set({ away: true });
      const checkpoints = open(far);
      const follower = await Follower.open(optionsOf({ log, checkpoints }, told));
      expect(follower.state.position).toBe(10);
      expect(told).toEqual([
        expect.stringContaining('checkpoint not used: Azure Blob Storage is unavailable') as string,
      ]);
      await expect(follower.checkpoint()).rejects.toMatchObject({ code: 'REMOTE_UNAVAILABLE' });
      proxy.set({});
      await follower.checkpoint();
      expect((await checkpoints.list()).map(({ position }) => position)).toEqual([10]);
    }));

  it('passes over a damaged one, and one of another log', () =>
    withPlace(async ({ connection, open }) => {
      const told: string[] = [];
      const log = await logOf(6);
      const checkpoints = open();
      await checkpoints.write(stateAt(4), { log: 'shared' });
      await checkpoints.write(stateAt(5), { log: 'shared' });
      await rewriteBlob(connection, await pathOf(connection, 5), (bytes) => bytes.fill(1, 40, 90));
      const follower = await Follower.open(optionsOf({ log, checkpoints }, told));
      expect(follower.state.position).toBe(6);
      expect(told).toEqual([expect.stringContaining('is damaged') as string]);
      const other = await Follower.open(optionsOf({ log: { ...log, history: 'other' }, checkpoints }, told));
      expect(other.state.position).toBe(6);
      expect(told.slice(-1)).toEqual([expect.stringContaining('is of another log') as string]);
    }));
});
