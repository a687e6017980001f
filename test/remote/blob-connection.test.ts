import { BlobConnection } from '../../src/remote/blob/blob-connection.js';
import { BlobLease } from '../../src/remote/blob/lease.js';
import { readText } from '../../src/remote/blob/read-text.js';
import { uploadBlob } from '../../src/remote/blob/upload.js';
import { type AzuriteServer, connectionStringFor, startAzurite } from '../support/azurite.js';
import { connectTo, newContainer } from '../support/blobs.js';
import { startFaultProxy } from '../support/fault-proxy.js';

let azurite: AzuriteServer;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

const write = (connection: BlobConnection, path: string, text: string): Promise<void> =>
  uploadBlob(connection, path, Buffer.from(text));

describe('connection to Azure Blob Storage', () => {
  it('finds nothing where there is no container, and makes it with the first write', async () => {
    const connection = connectTo(azurite.port, newContainer());
    expect(await readText(connection, 'a')).toBeNull();
    await write(connection, 'a', 'text');
    expect((await readText(connection, 'a'))!.text).toBe('text');
  });

  it('tells once that the service is away, refuses at once meanwhile, and tells that it is back', async () => {
    const proxy = await startFaultProxy(azurite.port);
    const told: string[] = [];
    const onProblem = (message: string): void => void told.push(message);
    const connection = connectTo(proxy.port, newContainer(), { timeoutMs: 1_000, onProblem });
    await write(connection, 'a', '1');
    proxy.set({ away: true });
    const messages: string[] = [];
    for (let call = 0; call < 40; call++) {
      const error = (await readText(connection, 'a').catch((one: Error) => one)) as Error & { code: string };
      expect(error.code).toBe('REMOTE_UNAVAILABLE');
      messages.push(error.message);
    }
    expect(messages.filter((message) => message.includes('left alone for a moment'))).not.toEqual([]);
    await expect(write(connection, 'a', '2')).rejects.toMatchObject({ code: 'REMOTE_UNAVAILABLE' });
    proxy.set({});
    await write(connection, 'a', '3');
    expect((await readText(connection, 'a'))!.text).toBe('3');
    expect(told).toEqual(['Azure Blob Storage does not answer', 'Azure Blob Storage answers again']);
    await proxy.close();
  });

  it('passes on that a key is wrong: asking again would not help', async () => {
    const connectionString = connectionStringFor(azurite.port).replace(/AccountKey=./, 'AccountKey=A');
    const container = newContainer();
    const connection = new BlobConnection({ account: { connectionString }, container, timeoutMs: 5_000 });
    await expect(readText(connection, 'a')).rejects.toMatchObject({ statusCode: 403 });
  });

  it.each([
    ['@azure/storage-blob', { connectionString: connectionStringFor(1) }, '@azure/storage-blob@12.32.0'],
    ['@azure/identity', { url: 'https://account.blob.core.windows.net' }, '@azure/identity@4.13.0'],
  ])('says which package to install where %s is missing', async (name, account, install) => {
    jest.doMock(name, () => {
      throw Object.assign(new Error(`Cannot find module '${name}'`), { code: 'MODULE_NOT_FOUND' });
    });
    try {
      const connection = new BlobConnection({ account, container: 'test', timeoutMs: 1_000 });
      await expect(connection.load()).rejects.toMatchObject({
        code: 'PACKAGE_MISSING',
        message: `Azure Blob Storage needs a package that is not installed: npm install ${install}`,
      });
    } finally {
      jest.dontMock(name);
      jest.resetModules();
    }
  });
});

describe('lease', () => {
  const SECONDS = 15; // the shortest that the service grants

  async function leases(count: number): Promise<{ connection: BlobConnection; leases: BlobLease[] }> {
    const connection = connectTo(azurite.port, newContainer());
    await write(connection, 'leased', 'text');
    const options = { connection, path: 'leased', seconds: SECONDS };
    return { connection, leases: Array.from({ length: count }, () => new BlobLease(options)) };
  }
  const writeUnder = (connection: BlobConnection, leaseId: string): Promise<unknown> =>
    connection.call((container) =>
      container.getBlockBlobClient('leased').upload('next', 4, { conditions: { leaseId } }),
    );

  it('is held by one of several, until that one gives it up', async () => {
    const found = await leases(5);
    const held = await Promise.all(found.leases.map((lease) => lease.hold()));
    expect(held.filter((id) => id !== null)).toHaveLength(1);
    const holder = held.findIndex((id) => id !== null);
    expect(await found.leases[holder]!.hold()).toBe(held[holder]);
    await found.leases[holder]!.release();
    const next = found.leases[(holder + 1) % 5]!;
    expect(await next.hold()).not.toBeNull();
    await next.release();
  });

  it('is taken by whoever must have it, and what its holder writes under it fails from then on', async () => {
    const {
      connection,
      leases: [first, second],
    } = await leases(2);
    const earlier = (await first!.hold())!;
    await writeUnder(connection, earlier);
    const now = await second!.take();
    await expect(writeUnder(connection, earlier)).rejects.toMatchObject({ statusCode: 412 });
    await writeUnder(connection, now);
    expect(await first!.hold()).toBeNull();
    await first!.release();
    expect(await first!.hold()).toBeNull();
    await second!.release();
  });

  it('goes to another one once its holder has been silent for its time', async () => {
    const proxy = await startFaultProxy(azurite.port);
    const {
      connection,
      leases: [second],
    } = await leases(1);
    const container = await connection.call((client) => Promise.resolve(client.containerName));
    const dying = connectTo(proxy.port, container, { timeoutMs: 500 });
    const first = new BlobLease({ connection: dying, path: 'leased', seconds: SECONDS });
    const id = (await first.hold())!;
    proxy.set({ away: true });
    expect(await second!.hold()).toBeNull();
    let next: string | null = null;
    while (next === null) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      next = await second!.hold();
    }
    proxy.set({});
    await expect(writeUnder(connection, id)).rejects.toMatchObject({ statusCode: 412 });
    await writeUnder(connection, next);
    await second!.release();
    await first.release().catch(() => undefined);
    await proxy.close();
  });
});
