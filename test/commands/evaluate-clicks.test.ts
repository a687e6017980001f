import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { evaluateCommand } from '../../src/commands/evaluate.js';
import { readConfig } from '../../src/config.js';
import { type Evaluation } from '../../src/evaluation/evaluate.js';
import { type Event } from '../../src/events/event.js';
import { openLmdbLog } from '../../src/events/lmdb-log.js';
import { difficultLog, digestOf } from '../support/replay.js';
import { NOON } from '../support/state.js';

const EVENTS = difficultLog(11, 150);
const CLICKS = EVENTS.filter((event) => event.kind === 'interaction').sort((a, b) => a.at - b.at);
const FROM = new Date(NOON + 120 * 60_000).toISOString();
const TO = new Date(NOON + 100 * 3_600_000).toISOString();

describe('recograph evaluate', () => {
  let folder: string;
  let output: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'recograph-evaluate-'));
    output = '';
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      output += String(text);
      return true;
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });

  const path = (name: string): string => join(folder, name);
  const data = (): string => path('data');

  async function run(...options: string[]): Promise<string> {
    const program = new Command().exitOverride();
    evaluateCommand(program, ({ data: dataFolder }) => readConfig({}, dataFolder === undefined ? {} : { dataFolder }));
    await program.parseAsync(['evaluate', '--data', data(), ...options], { from: 'user' });
    return output;
  }

  async function clicksFile(name: string, clicks = CLICKS): Promise<string> {
    const rows = clicks.map(({ userId, itemId, at, sessionId, type, context }) =>
      [userId, itemId, at, sessionId ?? '', type, context?.region, context?.referrer].join(','),
    );
    await writeFile(path(name), `user_id,item_id,timestamp,session_id,type,region,referrer\n${rows.join('\n')}\n`);
    return path(name);
  }

  const report = (name: string): Evaluation => JSON.parse(readFileSync(path(name), 'utf8')) as Evaluation;

  it('replays files of clicks and writes lines, JSON and a page', async () => {
    const clicks = await clicksFile('clicks.csv');
    const options = ['--from', FROM, '--to', TO, '--json', path('r.json'), '--html', path('r.html')];
    const said = await run('--clicks', clicks, '--format', 'csv', ...options);
    const evaluation = report('r.json');
    expect(evaluation.queries).toBeGreaterThan(40);
    expect(said).toContain(`${evaluation.queries} lists of 10, for 100 % of the clicks from ${FROM} to ${TO}`);
    expect(said).toContain('all clicks:');
    expect(said).toMatch(/peak memory \d+ MB/);
    const page = readFileSync(path('r.html'), 'utf8');
    expect(page).toContain('<!doctype html>');
    expect(page).toContain(evaluation.slices.all.systems.ensemble!.hr.toFixed(4));
  });

  it('takes several files as one, named by one option or by more, and begins at what it kept the second time', async () => {
    const whole = await clicksFile('whole.csv');
    const halves = [
      await clicksFile('1.csv', CLICKS.slice(0, 70)),
      await clicksFile('2.csv', CLICKS.slice(70)),
    ] as const;
    const rest = ['--format', 'csv', '--from', FROM, '--to', TO, '--json'];
    await run('--clicks', whole, ...rest, path('whole.json'));
    await run('--clicks', ...halves, ...rest, path('halves.json'));
    await run('--clicks', halves[0], '--clicks', halves[1], ...rest, path('again.json'));
    expect(digestOf(report('halves.json'))).toBe(digestOf(report('whole.json')));
    expect(digestOf(report('again.json'))).toBe(digestOf(report('whole.json')));
    expect(report('again.json').fold.events).toBeLessThan(report('halves.json').fold.events);
  });

  it('judges the last day of the clicks where no time is given', async () => {
    const clicks = await clicksFile('clicks.csv');
    await run('--clicks', clicks, '--format', 'csv', '--json', path('r.json'), '--sample', '0.5', '--k', '5');
    const { window, k } = report('r.json');
    const end = CLICKS.at(-1)!.at + 1;
    expect(window).toEqual({ from: end - 86_400_000, to: end, sample: 0.5, seed: 1 });
    expect(k).toBe(5);
  });

  it('takes no time that is yet to come for the end of the log', async () => {
    const wrong = { ...CLICKS[0]!, at: Date.now() + 3_600_000 };
    await append([...CLICKS, wrong]);
    await run('--json', path('r.json'), '--sample', '0.5');
    const end = CLICKS.at(-1)!.at + 1;
    expect(report('r.json').window).toMatchObject({ from: end - 86_400_000, to: end });
    expect(report('r.json').queries).toBeGreaterThan(0);
  });

  it('evaluates the server’s own log, as it evaluates the same clicks in a file', async () => {
    await append(CLICKS);
    await run('--from', FROM, '--to', TO, '--json', path('log.json'));
    const clicks = await clicksFile('clicks.csv');
    await run('--clicks', clicks, '--format', 'csv', '--from', FROM, '--to', TO, '--json', path('file.json'));
    expect(report('log.json').queries).toBeGreaterThan(40);
    expect(digestOf(report('log.json'))).toBe(digestOf(report('file.json')));
  });

  it('evaluates a log of every kind of event, while a server may go on writing it', async () => {
    const log = await append(EVENTS, false);
    await run('--from', FROM, '--to', TO, '--json', path('log.json'));
    await log.append([{ kind: 'forget', userId: 'u1', at: NOON }]);
    await log.close();
    expect(report('log.json').queries).toBeGreaterThan(40);
  });

  async function append(events: readonly Event[], close = true): Promise<ReturnType<typeof openLmdbLog>> {
    const log = openLmdbLog({ folder: join(data(), 'log') });
    await log.append(events);
    if (close) await log.close();
    return log;
  }

  it.each([
    [['--k', '0'], 'BAD_OPTION', '--k is "0"; allowed is a whole number from 1 to 100'],
    [['--k', 'ten'], 'BAD_OPTION', '--k is "ten"'],
    [['--seed', '-1'], 'BAD_OPTION', '--seed is "-1"'],
    [['--sample', '0'], 'BAD_OPTION', '--sample is "0"; allowed is a number above 0 and up to 1'],
    [['--sample', '1.5'], 'BAD_OPTION', '--sample is "1.5"'],
    [['--scenario', 'none'], 'UNKNOWN_SCENARIO', 'there is no scenario "none"; there are: default, fresh, diverse'],
    [['--format', 'xml'], 'UNKNOWN_FORMAT', 'unknown format "xml"'],
    [['--from', 'noon'], 'BAD_OPTION', '--from is "noon"; allowed is a time such as 2017-10-13T06:00:00Z'],
    [['--to', '2026-02-30'], 'BAD_OPTION', '--to is "2026-02-30"'],
    [['--from', '2026-01-06', '--to', '2026-01-06'], 'BAD_OPTION', '--from must be before --to'],
  ])('refuses %j with %s', async (options, code, message) => {
    const clicks = await clicksFile('clicks.csv');
    const refused = run('--clicks', clicks, '--format', 'csv', ...options);
    await expect(refused).rejects.toMatchObject({ code, message: expect.stringContaining(message) as string });
  });

  it.each([
    [
      ['--train', 'a', '--test', 'b', '--html', 'c'],
      '--html is of a replay, and --train and --test judge a fixed split',
    ],
    [['--train', 'a', '--test', 'b', '--sample', '1'], '--sample is of a replay'],
    [['--train', 'a', '--test', 'b', '--clicks', 'c'], '--clicks is of a replay'],
    [['--train', 'a', '--snapshots', 'c'], '--snapshots is of a replay'],
    [['--model', 'als'], '--model goes with --train and --test only'],
    [['--minutes', '25', '--from', FROM], '--minutes goes with --train and --test only'],
  ])('refuses %j, for one of them would go unheard', async (options, message) => {
    const refusal = { code: 'BAD_OPTION', message: expect.stringContaining(message) as string };
    await expect(run(...options)).rejects.toMatchObject(refusal);
  });

  it('refuses to write a report to a folder, before it reads a click', async () => {
    for (const option of ['--json', '--html']) {
      const message = `${option} is "${folder}"; that is a folder, and a file is to be written`;
      await expect(run('--clicks', path('none.csv'), option, folder)).rejects.toMatchObject({ message });
    }
  });

  it('prints the table where a report can’t be written after all', async () => {
    const clicks = await clicksFile('clicks.csv');
    jest.spyOn(process, 'resourceUsage').mockImplementation(() => {
      mkdirSync(path('r.json')); // in the way of the report
      return { maxRSS: 1_024 } as NodeJS.ResourceUsage;
    });
    const failed = run('--clicks', clicks, '--format', 'csv', '--sample', '0.5', '--json', path('r.json'));
    await expect(failed).rejects.toThrow('EISDIR');
    expect(output).toContain('all clicks:');
  });

  it('refuses a file that is not there and a data folder without a log, and makes neither', async () => {
    const missing = { code: 'FILE_NOT_FOUND', message: `there is no file ${path('none.csv')}` };
    await expect(run('--clicks', path('none.csv'), '--format', 'csv')).rejects.toMatchObject(missing);
    const message = expect.stringContaining(join(data(), 'log')) as string;
    await expect(run()).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE', message });
    expect(() => readFileSync(data())).toThrow('ENOENT');
  });
});
