/** What the command line does with snapshots that are damaged, or that a gate refused. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FilesSnapshotStore } from '../../src/artifacts/files-snapshot-store.js';
import { snapshotFiles } from '../../src/engine/snapshot-files.js';
import { openLmdbLog } from '../../src/events/lmdb-log.js';
import { runCommand } from '../support/command.js';
import { publishFitted } from '../support/fitted.js';
import { ask, startProcess, withFolder } from '../support/server.js';
import { draft } from '../support/snapshots.js';
import { tasteEvents } from '../support/training-world.js';

const EVENTS = tasteEvents(1_500);
const HALF = new Date(EVENTS[750]!.at).toISOString();
const TRAINING = ['--queries', '200', '--search-minutes', '0'];
const FROM = ['--from', HALF];

interface World {
  readonly data: string;
  readonly store: FilesSnapshotStore;
}

/** A data folder with a log, and a store without any snapshot. */
function withWorld(run: (world: World) => Promise<void>): Promise<void> {
  return withFolder(async (data) => {
    const log = openLmdbLog({ folder: join(data, 'log') });
    await log.append(EVENTS);
    await log.close();
    await run({ data, store: new FilesSnapshotStore(join(data, 'snapshots')) });
  });
}

/** Turns a bit of the file over: neither names nor sizes change. */
async function damage({ data }: World, id: string, file: string): Promise<void> {
  const path = join(data, 'snapshots', 'main', id, file);
  const bytes = await readFile(path);
  bytes[bytes.length >> 1]! ^= 1;
  await writeFile(path, bytes);
}

/** One that a gate refused: published, and never LATEST. */
async function publishRefused({ store }: World, n: number): Promise<string> {
  const gate = { accepted: false, reason: 'no better than live popularity' };
  const { id } = await store.publish(
    draft(n, { gate, files: snapshotFiles({ weights: null, als: null, ranker: null }) }),
  );
  return id;
}

const trainedId = (stdout: string): string => /snapshot (\S+) is/.exec(stdout)![1]!;

describe('recograph train', () => {
  it('over a damaged LATEST judges against the one before, says so, and leaves no better one unused', () =>
    withWorld(async (world) => {
      const { data, store } = world;
      const first = await runCommand('train', '--data', data, '--to', HALF, ...TRAINING);
      const good = trainedId(first.stdout);
      expect(await store.latest()).toBe(good);
      const bad = await publishFitted(store, 1);
      await damage(world, bad, 'als-items.array');

      const second = await runCommand('train', '--data', data, ...TRAINING);
      expect(second.code).toBe(0);
      expect(second.stderr).toContain(`snapshot ${bad} can't be read, and is not compared with: snapshot ${bad} has`);
      const { gate } = await store.manifest(trainedId(second.stdout));
      expect(gate.reason).toContain(`; ${good} stands in for ${bad}, which can't be read`);
      expect(second.stdout).toContain(gate.reason);
      expect(await store.latest()).toBe(gate.accepted ? trainedId(second.stdout) : bad);
    }));

  it('keeps what its gate refuses, exits with 0, and goes on comparing with the one in use', () =>
    withWorld(async ({ data, store }) => {
      const first = await runCommand('train', '--data', data, ...TRAINING);
      const second = await runCommand('train', '--data', data, ...TRAINING);
      expect([second.code, second.stderr]).toEqual([0, '']);
      expect(second.stdout).toMatch(/snapshot \S+ is kept and not used: 0 clicks to judge by since/);
      expect(await store.latest()).toBe(trainedId(first.stdout));
      expect((await store.list()).map(({ id, latest }) => [id, latest])).toEqual([
        [trainedId(second.stdout), false],
        [trainedId(first.stdout), true],
      ]);
    }));
});

describe('recograph evaluate --snapshots', () => {
  it('uses neither a damaged nor a refused one, and tells of the damaged one', () =>
    withWorld(async (world) => {
      const { data, store } = world;
      const good = trainedId((await runCommand('train', '--data', data, '--to', HALF, ...TRAINING)).stdout);
      const bad = await publishFitted(store, 1);
      await damage(world, bad, 'als-items.array');
      const refused = await publishRefused(world, 2);
      const json = join(data, 'report.json');
      const folder = join(data, 'snapshots');
      const found = await runCommand('evaluate', '--data', data, ...FROM, '--snapshots', folder, '--json', json);
      expect(found.code).toBe(0);
      expect(found.stderr).toContain(`snapshot ${bad} is not used: snapshot ${bad} has other contents in als-items`);
      expect(found.stderr).not.toContain(refused);
      const { snapshots } = JSON.parse(await readFile(json, 'utf8')) as { snapshots: Record<string, number> };
      // A list for one of the first clicks is of the click before it, which the snapshot knows.
      expect(Object.keys(snapshots).sort()).toEqual([good, 'none']);
      expect(snapshots[good]).toBeGreaterThan(5 * snapshots['none']!);
    }));

  it('ends with NO_SNAPSHOT where there are only such', () =>
    withWorld(async (world) => {
      const bad = await publishFitted(world.store, 1);
      await damage(world, bad, 'als-items.array');
      await publishRefused(world, 2);
      const folder = join(world.data, 'snapshots');
      const { code, stderr } = await runCommand('evaluate', '--data', world.data, ...FROM, '--snapshots', folder);
      expect(code).toBe(1);
      expect(stderr).toContain(`snapshot ${bad} is not used`);
      expect(stderr).toContain('NO_SNAPSHOT');
    }));
});

describe('recograph serve', () => {
  const SNAPSHOT = '{ snapshot { id } recommendations(userId: "u1") { nodes { rank } } }';

  it('does not use what a gate refused', () =>
    withWorld(async (world) => {
      await publishRefused(world, 1);
      const server = await startProcess(world.data);
      const { data, errors } = await ask(server.url, SNAPSHOT);
      expect(errors).toBeUndefined();
      expect(data!['snapshot']).toBeNull();
      expect(await server.kill('SIGTERM')).toBe(0);
    }));

  it('answers without a damaged one, says why in its log and under /readyz, and takes the next good one', () =>
    withWorld(async (world) => {
      const bad = await publishFitted(world.store, 1);
      await damage(world, bad, 'als-items.array');
      const said: string[] = [];
      const server = await startProcess(
        world.data,
        { SNAPSHOT_POLL_MS: '20' },
        { onLine: ({ msg, level }) => level >= 40 && said.push(msg) },
      );
      const { data, errors } = await ask(server.url, SNAPSHOT);
      expect(errors).toBeUndefined();
      expect(data!['snapshot']).toBeNull();
      const ready = (await (await fetch(`${server.url}/readyz`)).json()) as { snapshot: { problem: object } };
      expect(ready.snapshot.problem).toMatchObject({ id: bad, code: 'SNAPSHOT_CORRUPT' });
      expect(said).toEqual([expect.stringContaining(`snapshot ${bad} has other contents in als-items.array`)]);

      const good = await publishFitted(world.store, 2);
      for (;;) {
        const next = (await ask(server.url, SNAPSHOT)).data!['snapshot'] as { id: string } | null;
        if (next !== null) {
          expect(next.id).toBe(good);
          break;
        }
      }
      expect(await server.kill('SIGTERM')).toBe(0);
    }));
});
