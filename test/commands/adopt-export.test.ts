import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FilesSnapshotStore } from '../../src/artifacts/files-snapshot-store.js';
import { Database, quoted } from '../../src/datasets/import/database.js';
import { featuresOf } from '../../src/engine/features/featurize.js';
import { snapshotOf } from '../../src/engine/snapshot-files.js';
import { writeLightgbm } from '../../src/engine/trees/write-lightgbm.js';
import { seededRandom } from '../../src/math/random.js';
import { DEFAULT_STATE_SETTINGS } from '../../src/state/state-settings.js';
import { runCommand } from '../support/command.js';
import { ensembleOf } from '../support/ensembles.js';
import { publishFitted } from '../support/fitted.js';
import { withFolder } from '../support/server.js';

const NAMES = featuresOf(DEFAULT_STATE_SETTINGS).map(({ name }) => name);
const AGE = ensembleOf([{ feature: 'age', threshold: 3, low: 1, high: 0 }], ['share_all_30m', 'age']);

async function modelFile(folder: string, text: string): Promise<string> {
  const path = join(folder, 'ranker.txt');
  await writeFile(path, text);
  return path;
}

describe('recograph adopt', () => {
  it('takes a ranker into use beside the weights and factors that are, and says that nobody judged it', () =>
    withFolder(async (folder) => {
      const store = new FilesSnapshotStore(join(folder, 's'));
      const before = await publishFitted(store, 1);
      const path = await modelFile(folder, writeLightgbm(AGE));
      const { code, stdout, stderr } = await runCommand('adopt', path, '--snapshots', join(folder, 's'));
      expect([code, stderr]).toEqual([0, '']);
      const id = (await store.latest())!;
      expect(id).not.toBe(before);
      expect(stdout).toContain(
        `snapshot ${id} is LATEST: 1 trees over 2 features, with the weights and factors of ${before}`,
      );
      const [snapshot, old] = [snapshotOf(await store.read(id)), snapshotOf(await store.read(before))];
      expect(snapshot.weights).toEqual(old.weights);
      expect(snapshot.als!.parts).toEqual(old.als!.parts);
      expect(snapshot.ranker!.ensemble.featureNames).toEqual(['share_all_30m', 'age']);
      expect((await store.manifest(id)).gate.reason).toBe('its ranker was adopted by hand; nothing was judged');
    }));

  it('makes the first snapshot of an empty store', () =>
    withFolder(async (folder) => {
      const path = await modelFile(folder, writeLightgbm(AGE));
      const { code } = await runCommand('adopt', path, '--snapshots', join(folder, 's'), '--until', '2026-01-05');
      expect(code).toBe(0);
      const store = new FilesSnapshotStore(join(folder, 's'));
      const snapshot = snapshotOf(await store.read((await store.latest())!));
      expect([snapshot.weights, snapshot.als]).toEqual([null, null]);
      expect(snapshot.dataUntil).toBe(Date.UTC(2026, 0, 5));
    }));

  it.each([
    [
      'a feature that is not known',
      writeLightgbm(ensembleOf([], ['colour'])),
      'RANKER_FEATURES: the model has feature "colour"',
    ],
    [
      'features in another order',
      writeLightgbm(ensembleOf([], ['age', 'share_all_30m'])),
      'RANKER_FEATURES: the model has feature "share_all_30m"',
    ],
    ['a file that was cut off', writeLightgbm(AGE).slice(0, 400), 'RANKER_CORRUPT'],
    ['something else', 'not a model', 'RANKER_FOREIGN'],
    ['a model without a split', writeLightgbm(ensembleOf([], ['age'])), 'RANKER_FOREIGN: the model has no split'],
    [
      'a model that does not say how many rows fell where',
      writeLightgbm(ensembleOf([{ feature: 'age', threshold: 3, low: 1, high: 0, counts: [0, 0] }], ['age'])),
      'RANKER_CORRUPT',
    ],
  ])('refuses %s and publishes nothing', (_, text, message) =>
    withFolder(async (folder) => {
      const path = await modelFile(folder, text);
      const { code, stderr } = await runCommand('adopt', path, '--snapshots', join(folder, 's'));
      expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
      expect(await new FilesSnapshotStore(join(folder, 's')).list()).toEqual([]);
    }),
  );

  it.each([
    [['--until', '2999-01-01'], 'BAD_OPTION: --until is "2999-01-01"; that time is yet to come'],
    [['--until', 'soon'], 'BAD_OPTION: --until is "soon"'],
  ])('refuses %j', (options, message) =>
    withFolder(async (folder) => {
      const path = await modelFile(folder, writeLightgbm(AGE));
      const { code, stderr } = await runCommand('adopt', path, '--snapshots', join(folder, 's'), ...options);
      expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
    }),
  );

  it('says of a file that is not there that it is not there', async () => {
    const { code, stderr } = await runCommand('adopt', '/nowhere/ranker.txt');
    expect([code, stderr]).toEqual([1, expect.stringContaining('FILE_NOT_FOUND')]);
  });

  it('takes a model to know what the snapshot in use knows, where nobody says more', () =>
    withFolder(async (folder) => {
      const store = new FilesSnapshotStore(join(folder, 's'));
      const before = await store.manifest(await publishFitted(store, 1));
      const path = await modelFile(folder, writeLightgbm(AGE));
      const { stdout } = await runCommand('adopt', path, '--snapshots', join(folder, 's'));
      expect(stdout).toContain(`taken to know data until ${new Date(before.dataUntil).toISOString()}`);
      expect((await store.manifest((await store.latest())!)).dataUntil).toBe(before.dataUntil);
    }));
});

describe('recograph export features', () => {
  it('writes what a ranker learns from, one row a candidate', () =>
    withFolder(async (folder) => {
      const random = seededRandom(1);
      const rows = Array.from({ length: 1_800 }, (_, at) => {
        const user = random.below(200);
        const time = new Date(Date.UTC(2026, 0, 5) + at * 12_000).toISOString();
        return `u${user},i${random.below(300)},${time},s${user}-${Math.floor(at / 200)}`;
      });
      await writeFile(join(folder, 'clicks.csv'), `user,item,time,session\n${rows.join('\n')}\n`);
      const path = join(folder, 'rows.parquet');
      const { code, stdout, stderr } = await runCommand(
        ...['export', 'features', '--clicks', join(folder, 'clicks.csv'), '--format', 'csv', '--data', folder],
        ...['--to', path, '--negatives', '7', '--search-minutes', '0', '--queries', '200'],
      );
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/\d+ rows of \d+ lists/);
      const database = await Database.open();
      const columns = (await database.rows(`DESCRIBE SELECT * FROM ${quoted(path)}`)).map(([name]) => name);
      expect(columns).toEqual(['query', ...NAMES, 'clicked']);
      const [[count, queries, clicked, most]] = (await database.rows(
        `SELECT count(*)::INT, count(DISTINCT query)::INT, sum(clicked)::INT,
          (SELECT max(n)::INT FROM (SELECT count(*) AS n FROM ${quoted(path)} GROUP BY query)) FROM ${quoted(path)}`,
      )) as [[number, number, number, number]];
      await database.close();
      expect(queries).toBeGreaterThan(100);
      expect([clicked, most]).toEqual([queries, 8]);
      expect(count).toBeGreaterThan(queries * 4);
    }));

  it.each([
    [['items', '--to', 'x.parquet'], 'BAD_OPTION: there is no table "items"; there are: features'],
    [['features', '--to', '/nowhere/x.parquet'], 'BAD_OPTION: --to is "/nowhere/x.parquet"'],
    [
      ['features', '--to', 'x.parquet', '--ranker-queries', '0'],
      'BAD_OPTION: --ranker-queries is "0"; there would be no row',
    ],
    [
      ['features', '--to', 'x.parquet', '--ranker-queries', '1000000'],
      'BAD_OPTION: --ranker-queries is "1000000"; with 30 negatives each 180400 are the most',
    ],
    [['features'], "required option '--to <file>' not specified"],
  ])('refuses %j', async (options, message) => {
    const { code, stderr } = await runCommand('export', ...options);
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
  });
});
