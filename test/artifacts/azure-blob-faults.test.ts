import { AzureBlobSnapshotStore } from '../../src/artifacts/azure-blob-snapshot-store.js';
import { type SnapshotDraft } from '../../src/artifacts/snapshot-store.js';
import { type AzuriteServer, startAzurite } from '../support/azurite.js';
import { connectTo, newContainer } from '../support/blobs.js';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.js';
import { draft } from '../support/snapshots.js';

const MB = 2 ** 20;
const UNAVAILABLE = { code: 'REMOTE_UNAVAILABLE', message: expect.stringContaining('Azure Blob Storage') as string };

let azurite: AzuriteServer;
let proxy: FaultProxy;
beforeAll(async () => {
  azurite = await startAzurite();
  proxy = await startFaultProxy(azurite.port);
});
afterEach(async () => {
  // Connections of one test are none of the next.
  proxy.set({ away: true });
  await new Promise((resolve) => setTimeout(resolve, 50));
  proxy.set({});
});
afterAll(async () => {
  await proxy.close();
  await azurite.stop();
});

const big = (): SnapshotDraft =>
  draft(0, {
    files: new Map([
      ['big.bin', Buffer.alloc(30 * MB, 'contents ')],
      ['small.bin', Buffer.from('small')],
    ]),
  });

/** One store over the proxy, and one that knows of no fault. */
function stores(timeoutMs = 5_000): { far: AzureBlobSnapshotStore; near: AzureBlobSnapshotStore } {
  const container = newContainer();
  return {
    far: new AzureBlobSnapshotStore(connectTo(proxy.port, container, { timeoutMs })),
    near: new AzureBlobSnapshotStore(connectTo(azurite.port, container)),
  };
}

describe('a store of snapshots over a bad network', () => {
  it('reads on from where an answer was cut: it asks for less than all of it again', async () => {
    const { far, near } = stores();
    const { id } = await near.publish(big());
    const before = proxy.answerBytes;
    // No range, of 16 MB, comes whole, until so much has been sent.
    const cutUntil = 20 * MB;
    proxy.set({ cutAnswerAfter: 3 * MB });
    const watch = setInterval(() => {
      if (proxy.answerBytes - before > cutUntil) proxy.set({});
    }, 1);
    const { files } = await far.read(id);
    clearInterval(watch);
    expect(Buffer.compare(files.get('big.bin')!, big().files.get('big.bin')!)).toBe(0);
    expect(proxy.answerBytes - before).toBeGreaterThan(30 * MB);
    expect(proxy.answerBytes - before).toBeLessThan(cutUntil + 30 * MB);
  });

  it('reads all of it where no range ever comes whole', async () => {
    const { far, near } = stores();
    const { id } = await near.publish(big());
    proxy.set({ cutAnswerAfter: 3 * MB });
    expect((await far.read(id)).files.get('big.bin')).toHaveLength(30 * MB);
  });

  it('reads slowly where the network is slow', async () => {
    const { far, near } = stores();
    const { id } = await near.publish(draft(0));
    proxy.set({ delayMs: 2 });
    expect((await far.read(id)).manifest.id).toBe(id);
  });

  it('gives up where nothing comes, with a code, and works again afterwards', async () => {
    const { far, near } = stores(200);
    const { id } = await near.publish(draft(0));
    await near.moveLatest(null, id);
    expect(await far.current()).toBe(id);
    for (const fault of [{ silent: true }, { away: true }]) {
      proxy.set(fault);
      await expect(far.current()).rejects.toMatchObject(UNAVAILABLE);
      await expect(far.read(id)).rejects.toMatchObject(UNAVAILABLE);
      await expect(far.publish(draft(1))).rejects.toMatchObject(UNAVAILABLE);
      await expect(far.moveLatest(id, id)).rejects.toMatchObject(UNAVAILABLE);
      proxy.set({});
      while ((await far.current().catch(() => null)) !== id) await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });

  it('never shows a snapshot whose upload was cut', async () => {
    const { far, near } = stores(300);
    for (const cutRequestAfter of [1 * MB, 9 * MB]) {
      proxy.set({ cutRequestAfter });
      await expect(far.publish(big())).rejects.toMatchObject(UNAVAILABLE);
      expect(await near.list()).toEqual([]);
      proxy.set({});
    }
  });

  it('says that it is unavailable where the service was killed, and goes on when it is back', async () => {
    const own = await startAzurite();
    const store = new AzureBlobSnapshotStore(connectTo(own.port, newContainer(), { timeoutMs: 500 }));
    const { id } = await store.publish(draft(0));
    await own.kill();
    await expect(store.read(id)).rejects.toMatchObject(UNAVAILABLE);
    await expect(store.list()).rejects.toMatchObject(UNAVAILABLE);
    await own.restart();
    for (;;) {
      const next = await store.publish(draft(1)).catch(() => null);
      if (next === null) continue;
      expect((await store.read(next.id)).manifest).toEqual(next);
      break;
    }
    await own.stop();
  });

  it('moves LATEST for one of two publishers, whoever has the worse network', async () => {
    const { far, near } = stores();
    const [one, two] = [await near.publish(draft(0)), await near.publish(draft(1))];
    proxy.set({ delayMs: 5 });
    const moved = await Promise.all([far.moveLatest(null, one.id), near.moveLatest(null, two.id)]);
    expect(moved.filter(Boolean)).toHaveLength(1);
    expect(await near.latest()).toBe([one, two][moved.indexOf(true)]!.id);
  });

  it('asks no clock but the service’s: a publisher whose clock is years off takes part like any other', async () => {
    const { near, far } = stores();
    const { id } = await near.publish(draft(0));
    await near.moveLatest(null, id);
    jest.useFakeTimers({ doNotFake: ['setTimeout', 'setImmediate', 'setInterval', 'nextTick', 'performance'], now: 0 });
    try {
      const next = (await near.publish(draft(1))).id;
      expect(await near.moveLatest(id, next)).toBe(true);
      expect(await far.current()).toBe(next);
      expect(await far.prune(1)).toEqual([]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('hashes and copies without keeping others from their turn', async () => {
    const { near } = stores();
    const { id } = await near.publish(big());
    const { createHash } = jest.requireActual<typeof import('node:crypto')>('node:crypto');
    const hash = jest.spyOn(Object.getPrototypeOf(createHash('sha256')) as ReturnType<typeof createHash>, 'update');
    let most = 0;
    const nextTurn = (): void => {
      const bytes = hash.mock.calls.splice(0).reduce((sum, [data]) => sum + data.length, 0);
      most = Math.max(most, bytes);
      turn = setImmediate(nextTurn);
    };
    let turn = setImmediate(nextTurn);
    try {
      await near.read(id);
    } finally {
      clearImmediate(turn);
      hash.mockRestore();
    }
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(1.1 * MB);
  });
});
