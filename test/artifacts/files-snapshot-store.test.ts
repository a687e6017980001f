import { type ChildProcess, fork } from 'node:child_process';
import { createHash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import { appendFile, mkdir, readdir, readFile, rename, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FilesSnapshotStore } from '../../src/artifacts/files-snapshot-store.js';
import { parseSealed, seal, unseal } from '../../src/artifacts/sealed-json.js';
import { readFolderFiles } from '../../src/artifacts/snapshot-folder.js';
import { seededRandom } from '../../src/math/random.js';
import { snapshotStoreContract } from '../contracts/snapshot-store.contract.js';
import { withFolder } from '../support/server.js';
import { draft } from '../support/snapshots.js';

describe('snapshots in files', () => {
  snapshotStoreContract((run) =>
    withFolder((folder) => run(new FilesSnapshotStore(folder), new FilesSnapshotStore(folder))),
  );

  /** Runs with a store that has one snapshot, LATEST, and the folder of it. */
  const withOne = (run: (store: FilesSnapshotStore, folder: string, id: string) => Promise<void>): Promise<void> =>
    withFolder(async (root) => {
      const store = new FilesSnapshotStore(root);
      const { id } = await store.publish(draft(0));
      await store.moveLatest(null, id);
      await run(store, join(root, 'main', id), id);
    });
  const flip = async (path: string, at: number): Promise<void> => {
    const bytes = await readFile(path);
    bytes[at]! ^= 1;
    await writeFile(path, bytes);
  };
  /** Changes the manifest and seals it again: what a build of another kind might have written. */
  const reseal = async (folder: string, changes: object): Promise<void> => {
    const path = join(folder, 'manifest.json');
    const content = unseal(parseSealed(await readFile(path, 'utf8')));
    await writeFile(path, seal({ ...content, ...changes }));
  };

  describe('refuses a snapshot', () => {
    const CASES: [string, (folder: string) => Promise<unknown>, string, string][] = [
      [
        'with a changed figure in the manifest',
        async (folder) => {
          const path = join(folder, 'manifest.json');
          await writeFile(path, (await readFile(path, 'utf8')).replace('0.625', '0.725'));
        },
        'SNAPSHOT_CORRUPT',
        'its own checksum does not match',
      ],
      [
        'whose manifest is cut short',
        (folder) => truncate(join(folder, 'manifest.json'), 100),
        'SNAPSHOT_CORRUPT',
        'is not JSON',
      ],
      ['without a manifest', (folder) => rm(join(folder, 'manifest.json')), 'SNAPSHOT_CORRUPT', 'has no manifest.json'],
      [
        'with a changed byte in a file',
        (folder) => flip(join(folder, 'items.txt'), 2_500_000),
        'SNAPSHOT_CORRUPT',
        'has other contents in items.txt',
      ],
      [
        'with a file cut short',
        (folder) => truncate(join(folder, 'items.txt'), 10),
        'SNAPSHOT_CORRUPT',
        'has 10 bytes in items.txt, expected 3000000',
      ],
      [
        'with a file that has grown',
        (folder) => appendFile(join(folder, 'empty'), 'x'),
        'SNAPSHOT_CORRUPT',
        'has 1 bytes in empty, expected 0',
      ],
      [
        'without one of its files',
        (folder) => rm(join(folder, 'factors.bin')),
        'SNAPSHOT_CORRUPT',
        'has no file factors.bin',
      ],
      [
        'with a file too many',
        (folder) => writeFile(join(folder, 'extra'), ''),
        'SNAPSHOT_CORRUPT',
        'has a file extra',
      ],
      [
        'with the manifest of another one',
        (folder) => reseal(folder, { id: '20171014T060000000Z-00000000' }),
        'SNAPSHOT_CORRUPT',
        'has the manifest of 20171014T060000000Z-00000000',
      ],
      [
        'that is a file',
        async (folder) => {
          await rm(folder, { recursive: true });
          await writeFile(folder, '');
        },
        'SNAPSHOT_CORRUPT',
        'is not a folder',
      ],
      [
        'of another version',
        (folder) => reseal(folder, { version: 2 }),
        'SNAPSHOT_FOREIGN',
        'version 2, expected "recograph-snapshot" version 1',
      ],
      ['of another format', (folder) => reseal(folder, { format: 'other' }), 'SNAPSHOT_FOREIGN', 'format "other"'],
      [
        'of another tenant',
        (folder) => reseal(folder, { tenant: 'other' }),
        'SNAPSHOT_FOREIGN',
        'belongs to tenant "other", expected "main"',
      ],
      [
        'whose folder is gone',
        (folder) => rm(folder, { recursive: true }),
        'SNAPSHOT_NOT_FOUND',
        'there is no snapshot',
      ],
    ];
    it.each(CASES)('%s', (_, damage, code, reason) =>
      withOne(async (store, folder, id) => {
        await damage(folder);
        const refused = { code, message: expect.stringContaining(reason) };
        await expect(store.read(id)).rejects.toMatchObject(refused);
        await expect(store.pin(id)).rejects.toMatchObject(refused);
        await expect(store.moveLatest(id, id)).rejects.toMatchObject(refused);
        const [entry] = await store.list();
        const { problem } = entry!;
        expect(entry).toMatchObject({ id, latest: true });
        // Contents alone are not looked at in a list.
        if (reason.startsWith('has other contents')) expect(problem).toBeNull();
        else expect(problem).toMatchObject(refused);
      }),
    );

    it('but not for a hidden file that the system has put there', () =>
      withOne(async (store, folder, id) => {
        await writeFile(join(folder, '.DS_Store'), '');
        expect((await store.read(id)).manifest.id).toBe(id);
      }));
  });

  it('rolls back past a damaged snapshot to the newest that verifies', () =>
    withOne(async (store, folder, id) => {
      const second = (await store.publish(draft(1))).id;
      await store.moveLatest(id, second);
      const third = (await store.publish(draft(2))).id;
      await store.moveLatest(second, third);
      await flip(join(folder, '..', second, 'items.txt'), 7);
      expect(await store.rollback()).toBe(id);
    }));

  it('says which ones it tried where none to roll back to can be used', () =>
    withOne(async (store, folder, id) => {
      const second = (await store.publish(draft(1))).id;
      await store.moveLatest(id, second);
      await flip(join(folder, 'items.txt'), 7);
      await expect(store.rollback()).rejects.toThrow(`roll back to: ${id} can't be used`);
      expect(await store.latest()).toBe(second);
    }));

  it('hashes at most about a megabyte before others get their turn', () =>
    withFolder(async (folder) => {
      const store = new FilesSnapshotStore(folder);
      const hash = jest.spyOn(Object.getPrototypeOf(createHash('sha256')) as Hash, 'update');
      let hashed = 0;
      let most = 0;
      const nextTurn = (): void => {
        const { calls } = hash.mock;
        const bytes = calls.splice(0).reduce((sum, [data]) => sum + data.length, 0);
        hashed += bytes;
        most = Math.max(most, bytes);
        turn = setImmediate(nextTurn);
      };
      let turn = setImmediate(nextTurn);
      try {
        const files = new Map([['big.bin', Buffer.alloc(24 * 2 ** 20, 'x')]]);
        const { id } = await store.publish(draft(0, { files }));
        await store.read(id);
        await store.moveLatest(null, id);
      } finally {
        clearImmediate(turn);
        hash.mockRestore();
      }
      expect(hashed).toBeGreaterThan(70 * 2 ** 20);
      expect(most).toBeLessThan(1.1 * 2 ** 20);
    }));

  it('takes a snapshot that is removed while it is read for absent, not for damaged', () =>
    withOne(async (store, folder, id) => {
      const manifest = await store.manifest(id);
      await rm(folder, { recursive: true });
      await expect(readFolderFiles(folder, manifest)).rejects.toMatchObject({ code: 'SNAPSHOT_NOT_FOUND' });
    }));

  describe('LATEST', () => {
    it('is the one before where its newest file is damaged, and moves on from there', () =>
      withOne(async (store, folder, id) => {
        const second = (await store.publish(draft(1))).id;
        await store.moveLatest(id, second);
        await flip(join(folder, '../LATEST/000000000002.json'), 20);
        expect(await store.latest()).toBe(id);
        expect(await store.moveLatest(id, second)).toBe(true);
        expect(await store.latest()).toBe(second);
      }));

    it('is an error, not an empty store, where all its files are damaged, until a snapshot is pinned in its place', () =>
      withOne(async (store, folder, id) => {
        await writeFile(join(folder, '../LATEST/000000000001.json'), '');
        await expect(store.current()).rejects.toMatchObject({ code: 'SNAPSHOT_CORRUPT' });
        await store.pin(id);
        await store.unpin();
        expect([await store.current(), await store.latest()]).toEqual([id, id]);
      }));

    it('is an error, not an empty store, where it was lost, until a snapshot is pinned in its place', () =>
      withOne(async (store, folder, id) => {
        const second = (await store.publish(draft(1))).id;
        await rm(join(folder, '../LATEST'), { recursive: true });
        await store.publish(draft(2)); // makes it no empty one either
        const lost = { code: 'SNAPSHOT_CORRUPT', message: expect.stringContaining('LATEST among them is lost') };
        await expect(store.current()).rejects.toMatchObject(lost);
        await expect(store.latest()).rejects.toMatchObject(lost);
        await expect(store.moveLatest(null, id)).rejects.toMatchObject(lost);
        await expect(store.rollback()).rejects.toMatchObject(lost);
        await expect(store.prune(1)).rejects.toMatchObject(lost);
        expect((await store.list()).map((entry) => entry.latest)).toEqual([false, false, false]);
        await store.pin(second);
        await store.unpin();
        expect([await store.current(), await store.latest()]).toEqual([second, second]);
      }));

    it('is none where a publisher was killed before it moved it for the first time', () =>
      withFolder(async (root) => {
        const store = new FilesSnapshotStore(root);
        const { id } = await store.publish(draft(0));
        await store.publish(draft(1));
        expect([await store.current(), await store.latest()]).toEqual([null, null]);
        expect(await store.moveLatest(null, id)).toBe(true);
      }));

    it('keeps few files however often it moves, and none of a killed move', () =>
      withOne(async (store, folder, id) => {
        const heads = join(folder, '../LATEST');
        for (let n = 0; n < 15; n++) await store.moveLatest(id, id);
        await writeFile(join(heads, 'killed.tmp'), '');
        for (const name of await readdir(heads)) await utimes(join(heads, name), 0, 0);
        await writeFile(join(heads, 'young.tmp'), '');
        await store.publish(draft(1));
        const names = (await readdir(heads)).toSorted();
        expect(names).toHaveLength(11);
        expect([names[0], names.at(-1)]).toEqual(['000000000007.json', 'young.tmp']);
        expect(await store.latest()).toBe(id);
      }));
  });

  it('ignores what other processes are writing, and removes it once they are gone or an hour has passed', () =>
    withOne(async (store, folder, id) => {
      const main = join(folder, '..');
      const gone = fork('-e', [''], { execArgv: [], stdio: 'ignore' });
      await once(gone, 'exit');
      // A name as this machine and process give it, with the process changed.
      const publishing = store.publish(draft(1));
      let own: string | undefined;
      while (own === undefined) own = (await readdir(main)).find((name) => name.startsWith('.staging-'));
      await publishing;
      const [, machine, pid] = own.split('-');
      const other = `.staging-${machine === '00000000' ? '1' : '0'.repeat(8)}-${pid}`;
      const left = [
        `.staging-${machine}-${gone.pid}-a`,
        `${other}-old`,
        `${other}-new`,
        `.staging-${machine}-${pid}-b`,
      ];
      for (const name of left) await mkdir(join(main, name, 'inner'), { recursive: true });
      await utimes(join(main, left[1]!), 0, 0);
      expect(await store.list()).toHaveLength(2);
      await store.publish(draft(2));
      expect((await readdir(main)).filter((name) => name.startsWith('.'))).toEqual([left[2], left[3]].toSorted());
      expect(await store.latest()).toBe(id);
    }));

  it('does not list, pin or move to what a killed prune had begun to remove, and the next one finishes', () =>
    withOne(async (store, folder, id) => {
      const rejected = (await store.publish(draft(-1))).id;
      const aside = join(folder, '../aside');
      await rename(join(folder, '..', rejected), aside);
      const head = join(folder, '../LATEST');
      const content = unseal(parseSealed(await readFile(join(head, '000000000001.json'), 'utf8')));
      await writeFile(join(head, '000000000002.json'), seal({ ...content, removed: [rejected] }));
      await rename(aside, join(folder, '..', rejected));
      expect((await store.list()).map((entry) => entry.id)).toEqual([id]);
      await expect(store.pin(rejected)).rejects.toMatchObject({ code: 'SNAPSHOT_NOT_FOUND' });
      await expect(store.moveLatest(id, rejected)).rejects.toThrow('is being removed');
      await store.prune(5);
      expect(await readdir(join(folder, '..'))).not.toContain(rejected);
    }));

  it('keeps tenants apart, and takes no path for a tenant', () =>
    withFolder(async (root) => {
      await new FilesSnapshotStore(root, 'one').publish(draft(0));
      expect(await new FilesSnapshotStore(root, 'two').list()).toEqual([]);
      expect(() => new FilesSnapshotStore(root, '../one')).toThrow("can't be the name of a tenant");
    }));

  describe('beside other processes', () => {
    const WRITER = join(__dirname, '../support/snapshot-writer.ts');
    const children = new Set<ChildProcess>();
    afterEach(() => children.forEach((child) => child.kill('SIGKILL')));
    const writer = (folder: string, count: number): ChildProcess => {
      const execArgv = ['--require', join(__dirname, '../support/register-swc.cjs')];
      const child = fork(WRITER, [folder, String(count)], { execArgv });
      children.add(child);
      child.once('exit', () => children.delete(child));
      return child;
    };

    it('makes the moves of all of them one chain', () =>
      withFolder(async (folder) => {
        const moves: { expected: string | null; next: string }[] = [];
        const ends = [1, 2, 3].map(async () => {
          const child = writer(folder, 8);
          child.on('message', (move) => moves.push(move as (typeof moves)[0]));
          expect(await once(child, 'exit')).toEqual([0, null]);
        });
        await Promise.all(ends);
        expect(moves).toHaveLength(24);
        const nextOf = new Map(moves.map(({ expected, next }) => [expected, next]));
        let at: string | null = null;
        for (let n = 0; n < 24; n++) at = nextOf.get(at)!;
        expect(await new FilesSnapshotStore(folder).latest()).toBe(at);
      }));

    const KILLS = Number(process.env['KILLS'] ?? 10);
    it(
      `has a whole LATEST through ${KILLS} kills of a publisher at random moments`,
      () =>
        withFolder(async (folder) => {
          const store = new FilesSnapshotStore(folder);
          const random = seededRandom(20171014);
          let said: string | null = null;
          for (let round = 0; round < KILLS; round++) {
            const child = writer(folder, 1_000_000);
            const from = said;
            child.on('message', ({ next }: { next: string }) => (said = next));
            await once(child, 'message');
            await new Promise((resolve) => setTimeout(resolve, random.below(150)));
            child.kill('SIGKILL');
            await once(child, 'close');
            const current = await store.current();
            expect(said).not.toBe(from);
            // What was acknowledged, or the one under way at the kill.
            expect(current! >= said!).toBe(true);
            expect((await store.read(current!)).manifest.id).toBe(current);
            expect((await store.list()).filter(({ problem }) => problem !== null)).toEqual([]);
            said = (await store.publish(draft(0, { createdAt: Date.now() }))).id;
            expect(await store.moveLatest(current, said)).toBe(true);
            expect((await readdir(join(folder, 'main'))).filter((name) => name.startsWith('.'))).toEqual([]);
          }
        }),
      60_000 + KILLS * 10_000,
    );
  });
});
