import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { evaluateCommand } from '../../src/commands/evaluate.js';
import { readConfig } from '../../src/config.js';
import { withFolder } from '../support/server.js';

/** Runs the command and returns what it printed. */
async function evaluate(...options: string[]): Promise<string> {
  const program = new Command().exitOverride();
  evaluateCommand(program, () => readConfig({}, {}));
  const print = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    await program.parseAsync(['evaluate', ...options], { from: 'user' });
    return print.mock.calls.map(([text]) => String(text)).join('');
  } finally {
    print.mockRestore();
  }
}

describe('recograph evaluate --train --test', () => {
  it('prints a table and writes the metrics, the settings found and the seconds as JSON', async () => {
    await withFolder(async (folder) => {
      const [train, test, json] = ['train.txt', 'test.txt', 'out.json'].map((name) => join(folder, name)) as [
        string,
        string,
        string,
      ];
      // Two blocks of five users and five items; each user has four items and is tested on the fifth.
      const lines = Array.from({ length: 10 }, (_, user) => {
        const block = Array.from({ length: 5 }, (_, at) => (user < 5 ? at : 5 + at));
        return { user, all: block, out: block[user % 5]! };
      });
      await writeFile(train, lines.map(({ user, all, out }) => [user, ...all.filter((item) => item !== out)].join(' ')).join('\n')); // prettier-ignore
      await writeFile(test, lines.map(({ user, out }) => `${user} ${out}`).join('\n'));
      const printed = await evaluate('--train', train, '--test', test, '--k', '1', '--json', json);
      expect(printed).toContain('10 users, 10 items, 40 train and 10 test pairs');
      expect(printed).toMatch(/model +Recall@1 +NDCG@1 +coverage +users\nals +1\.0000 +1\.0000 +1\.0000 +10\n$/);
      const written = JSON.parse(await readFile(json, 'utf8')) as object;
      expect(written).toMatchObject({
        split: { users: 10, items: 10, train: 40, test: 10 },
        k: 1,
        seed: 1,
        models: {
          als: {
            recall: 1,
            ndcg: 1,
            users: 10,
            coverage: 1,
            settings: { factors: 8 },
            seconds: { search: expect.any(Number) as number, fit: expect.any(Number) as number },
          },
        },
      });
    });
  });

  it.each([
    [['--train', 'a'], 'BAD_OPTION', '--train and --test go together'],
    [['--train', 'a', '--test', 'b', '--model', 'x'], 'BAD_OPTION', '--model is "x"; there are: als'],
    [['--train', 'a', '--test', 'b', '--k', '0'], 'BAD_OPTION', '--k is "0"; allowed is a whole number from 1 to 1000'],
    [['--train', 'a', '--test', 'b', '--seed', 'x'], 'BAD_OPTION', '--seed is "x"; allowed is a whole number from 0'],
    [
      ['--train', 'a', '--test', 'b', '--workers', '1.5'],
      'BAD_OPTION',
      '--workers is "1.5"; allowed is a whole number',
    ],
    [
      ['--train', 'a', '--test', 'b', '--minutes', ''],
      'BAD_OPTION',
      '--minutes is ""; allowed is a whole number from 1',
    ],
    [['--train', 'a', '--test', 'b', '--json', '/no/such/out.json'], 'BAD_OPTION', 'there is no folder /no/such'],
    [['--train', '/no/such', '--test', 'b'], 'FILE_NOT_FOUND', 'there is no file /no/such'],
  ])('refuses %j', async (options, code, message) => {
    await expect(evaluate(...options)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    });
  });
});
