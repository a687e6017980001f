import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seededRandom } from '../../src/math/random.js';
import { runCommand } from '../support/command.js';
import { withFolder } from '../support/server.js';

const START = Date.UTC(2026, 0, 5);
const MINUTE = 60_000;
const AT = (minutes: number): string => new Date(START + minutes * MINUTE).toISOString();

/** Clicks of 40 readers over six hours, each on the items of a taste of their own. */
async function writeClicks(folder: string): Promise<string> {
  const random = seededRandom(1);
  const rows = Array.from({ length: 1_800 }, (_, at) => {
    const user = random.below(40);
    return `u${user},i${random.below(300) * 4 + (user % 4)},${AT(at / 5)},s${user}-${Math.floor(at / 200)}`;
  });
  const path = join(folder, 'clicks.csv');
  await writeFile(path, `user,item,time,session\n${rows.join('\n')}\n`);
  return path;
}

describe('recograph train, and evaluate --snapshots', () => {
  it('publishes a snapshot that the days after it are asked with, and refuses it for its own', async () => {
    await withFolder(async (folder) => {
      const clicks = await writeClicks(folder);
      const common = ['--clicks', clicks, '--format', 'csv', '--data', folder, '--snapshots', join(folder, 's')];
      const trained = await runCommand(
        'train',
        ...common,
        '--to',
        AT(180),
        '--queries',
        '200',
        '--search-minutes',
        '0',
      );
      expect(trained.stderr).toBe('');
      expect(trained.stdout).toMatch(/snapshot \S+ is LATEST: the first snapshot/);

      const json = join(folder, 'after.json');
      const after = await runCommand('evaluate', ...common, '--from', AT(180), '--to', AT(240), '--json', json);
      expect(after.code).toBe(0);
      const report = JSON.parse(await readFile(json, 'utf8')) as {
        snapshots: Record<string, number>;
        refusedSnapshots: unknown[];
      };
      const [id] = Object.keys(report.snapshots).filter((name) => name !== 'none');
      expect(report.snapshots[id!]).toBeGreaterThan(0);
      expect(report.refusedSnapshots).toEqual([]);

      const before = await runCommand('evaluate', ...common, '--from', AT(60), '--to', AT(120));
      expect(before.code).toBe(1);
      expect(before.stderr).toContain('SNAPSHOT_FROM_FUTURE');
      expect(before.stderr).toContain(id);

      await rm(join(folder, 's'), { recursive: true });
      const none = await runCommand('evaluate', ...common, '--from', AT(180), '--to', AT(240));
      expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('NO_SNAPSHOT')]);
    });
  });

  it.each([
    [['--queries', '1'], '--queries is "1"; allowed is a whole number from 100 to 1000000'],
    [['--to', 'tomorrow'], '--to is "tomorrow"; allowed is a time such as'],
    [['--workers', 'all'], '--workers is "all"; allowed is a whole number from 1 to 64'],
    [['--format', 'xml', '--clicks', 'a'], 'unknown format "xml"'],
    [['--clicks', '/nowhere.parquet'], 'FILE_NOT_FOUND: there is no file /nowhere.parquet'],
    [[], 'LOG_UNAVAILABLE: '],
  ])('refuses %j and publishes nothing', async (options, message) => {
    await withFolder(async (folder) => {
      const { code, stderr } = await runCommand('train', '--data', folder, ...options);
      expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
    });
  });

  it('says in its help where snapshots go', async () => {
    for (const command of [['train'], ['export'], ['adopt']]) {
      const { stdout } = await runCommand(...command, '--help');
      expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
        'folder of snapshots (default: RECOGRAPH_SNAPSHOTS, else snapshots within the data folder)',
      );
    }
  });

  it('leads an error of the system by its code, once', async () => {
    await withFolder(async (folder) => {
      const clicks = await writeClicks(folder);
      expect((await runCommand('import', 'csv', '--file', clicks, '--data', folder)).code).toBe(0);
      const { code, stderr } = await runCommand('archive', '--data', folder, '--to', join(clicks, 'within'));
      expect([code, stderr]).toEqual([1, expect.stringMatching(/^ENOTDIR: not a directory.*within'\n$/)]);
    });
  });
});
