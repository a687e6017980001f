import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { open, type RootDatabase } from 'lmdb';
import { GroupCommit } from '../../src/events/group-commit.js';

describe('GroupCommit', () => {
  const folder = mkdtempSync(join(tmpdir(), 'group-commit-'));
  let root: RootDatabase<number, number>;
  let commits: GroupCommit;
  beforeEach(() => {
    root = open({ path: folder, noSubdir: false, overlappingSync: false, eventTurnBatching: false });
    commits = new GroupCommit(root, 10);
  });
  afterEach(() => root.close());
  afterAll(() => rmSync(folder, { recursive: true }));

  const transaction = () => commits.write(1, () => root.getWriteTxnId());

  it('puts the writes of one turn in one transaction, in their order', async () => {
    const order: number[] = [];
    const ids = await Promise.all(
      [1, 2, 3].map((n) => commits.write(1, () => (order.push(n), root.putSync(n, n), root.getWriteTxnId()))),
    );
    expect(new Set(ids).size).toBe(1);
    expect(order).toEqual([1, 2, 3]);
  });

  it('closes a group at its size', async () => {
    const write = (size: number) => commits.write(size, () => (root.putSync(1, size), root.getWriteTxnId()));
    const [a, b, c] = await Promise.all([write(6), write(6), write(1)]);
    expect(b).toBe(a);
    expect(c).toBe(a! + 1);
  });

  it('answers only after the flush', async () => {
    const flush = heldFlush();
    Object.defineProperty(root, 'flushed', { value: flush.promise, configurable: true });
    let answered = false;
    const answer = transaction().then(() => (answered = true));
    await delay(200);
    expect(answered).toBe(false);
    flush.release();
    await answer;
  });

  it('gives the next transaction to what came during a flush, all at once', async () => {
    const flush = heldFlush();
    Object.defineProperty(root, 'flushed', { get: () => flush.promise, configurable: true });
    const first = commits.write(1, () => (root.putSync(1, 1), root.getWriteTxnId()));
    await delay(50);
    const later = [transaction(), transaction()];
    await delay(50);
    const last = transaction();
    flush.release();
    const ids = await Promise.all([...later, last]);
    expect(new Set(ids)).toEqual(new Set([(await first) + 1]));
  });

  it('undoes the whole group when one of its writes throws, and goes on with the next', async () => {
    await commits.write(1, () => root.putSync(1, 1));
    const failing = [
      commits.write(5, () => root.putSync(1, 2)),
      commits.write(5, () => {
        throw new Error('no');
      }),
    ];
    const next = commits.write(1, () => root.get(1));
    expect((await Promise.allSettled(failing)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await next).toBe(1);
  });

  it('rejects, and answers, when the database was closed under it', async () => {
    await root.close();
    await expect(transaction()).rejects.toThrow('closed database');
  });

  it('is idle when nothing is under way', async () => {
    await commits.idle();
    let answered = false;
    void transaction().then(() => (answered = true));
    await commits.idle();
    expect(answered).toBe(true);
  });
});

/** A flush that takes until it is released. */
function heldFlush(): { readonly promise: Promise<boolean>; readonly release: () => void } {
  let release = () => {};
  const promise = new Promise<boolean>((resolve) => (release = () => resolve(true)));
  return { promise, release: () => release() };
}
