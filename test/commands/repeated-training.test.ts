import { readFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { RepeatedTraining, type RepeatedTrainingOptions } from '../../src/commands/repeated-training.js';
import { withFolder } from '../support/server.js';

interface Line {
  readonly level: 'info' | 'warn';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** The log of a training, and a way to wait for a line of it. */
function listener() {
  const lines: Line[] = [];
  const waiting: (() => void)[] = [];
  const take = (level: Line['level']) => (fields: unknown, message?: string) => {
    lines.push({ level, fields: fields as Line['fields'], message: message! });
    waiting.splice(0).forEach((wake) => wake());
  };
  const logger = { info: take('info'), warn: take('warn') } as RepeatedTrainingOptions['logger'];
  /** Resolves to the first `count` lines with this text. */
  const until = async (text: string, count = 1): Promise<Line[]> => {
    for (;;) {
      const found = lines.filter(({ message }) => message.includes(text));
      if (found.length >= count) return found.slice(0, count);
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  };
  return { lines, logger, until };
}

const started: RepeatedTraining[] = [];
afterEach(async () => {
  for (const training of started.splice(0)) await training.stop();
});

/** Trains by a script in place of the real thing. */
function train(script: string, options: Partial<RepeatedTrainingOptions> & Pick<RepeatedTrainingOptions, 'logger'>) {
  const training = new RepeatedTraining({
    command: [process.execPath, '-e', script],
    everyMs: 1,
    firstInMs: 0,
    ...options,
  });
  started.push(training);
  return training;
}

const isAlive = (pid: unknown): boolean => {
  try {
    return process.kill(pid as number, 0);
  } catch {
    return false;
  }
};

describe('training beside a server', () => {
  it('runs again and again, never two at once', async () => {
    await withFolder(async (folder) => {
      const file = join(folder, 'runs');
      const note = (what: string) => `require('fs').appendFileSync(${JSON.stringify(file)}, '${what} ')`;
      const { logger, until } = listener();
      train(`${note('begin')}; setTimeout(() => ${note('end')}, 100)`, { logger });
      await until('training ended', 4);
      expect((await readFile(file, 'utf8')).slice(0, 40)).toBe('begin end begin end begin end begin end ');
    });
  });

  it('puts what it says into the log, line by line, from both of its streams', async () => {
    const { logger, lines, until } = listener();
    train(`console.log('one\\n\\ntwo'); console.error('three')`, { logger, everyMs: 60_000 });
    await until('training ended');
    const said = lines.map(({ message }) => message).filter((message) => message.startsWith('training: '));
    expect(said.sort()).toEqual(['training: one', 'training: three', 'training: two']);
  });

  it('gives way to everything else', async () => {
    const { logger, until } = listener();
    const script = `const look = () => { const now = require('os').getPriority(); if (now > 0) console.log('priority', now); else setTimeout(look, 5); }; look();`;
    train(script, { logger, everyMs: 60_000 });
    const [line] = await until('priority');
    expect(line!.message).toBe(`training: priority ${constants.priority.PRIORITY_LOW}`);
  });

  it('logs a run that failed and tries again at the next turn', async () => {
    const { logger, until } = listener();
    train(`process.exitCode = 3`, { logger });
    const [first] = await until('training failed', 2);
    expect(first).toMatchObject({ level: 'warn', fields: { problem: 'ended with code 3' } });
  });

  it('logs a program that can’t be started, and tries again', async () => {
    const { logger, until } = listener();
    train('', { logger, command: ['/nowhere/node'] });
    const [first] = await until('training failed', 2);
    expect(first!.fields['problem']).toContain('ENOENT');
  });

  it('once stopped ends the run under way, and begins no other', async () => {
    const { logger, lines, until } = listener();
    const training = train(`console.log('up'); setInterval(() => {}, 1000)`, { logger });
    const [up] = await until('training: up');
    expect(isAlive(up!.fields['pid'])).toBe(true);
    await training.stop();
    expect(isAlive(up!.fields['pid'])).toBe(false);
    expect(lines.at(-1)!.message).toBe('training was stopped');
    expect(lines.filter(({ message }) => message === 'training begins')).toHaveLength(1);
  });

  it('kills a run that doesn’t end when it is told to', async () => {
    const { logger, until } = listener();
    const training = train(`process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)`, {
      logger,
    });
    const [up] = await until('training: up');
    await training.stop();
    expect(isAlive(up!.fields['pid'])).toBe(false);
  });

  it('stopped before its first run never begins', async () => {
    const { logger, lines } = listener();
    await train('', { logger, firstInMs: 60_000 }).stop();
    expect(lines).toEqual([]);
  });
});
