/** `serve --every`: training beside a real server process. */
import { join } from 'node:path';
import { FilesSnapshotStore } from '../../src/artifacts/files-snapshot-store.js';
import { ask, type LogLine, startProcess, withFolder } from '../support/server.js';
import { publishFitted } from '../support/fitted.js';

const SERVING = [
  '--require',
  join(__dirname, '../support/register-swc.cjs'),
  join(__dirname, '../support/serving-and-training.ts'),
];

/** The lines of a log, and a way to wait for one. */
function linesOf() {
  const lines: LogLine[] = [];
  const waiting: (() => void)[] = [];
  const onLine = (line: LogLine): void => {
    lines.push(line);
    waiting.splice(0).forEach((wake) => wake());
  };
  const until = async (text: string, count = 1): Promise<LogLine[]> => {
    for (;;) {
      const found = lines.filter(({ msg }) => msg.includes(text));
      if (found.length >= count) return found;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  };
  return { lines, onLine, until };
}

it('a server trains again and again while it answers, and on SIGTERM ends the run and itself', async () => {
  await withFolder(async (folder) => {
    const { lines, onLine, until } = linesOf();
    // The third run would never end.
    const file = JSON.stringify(join(folder, 'runs'));
    const script = `const fs = require('fs'); fs.appendFileSync(${file}, '+'); console.log('up');
      if (fs.readFileSync(${file}, 'utf8').length > 2) setInterval(() => {}, 1000); else setTimeout(() => {}, 100);`;
    const server = await startProcess(folder, {}, { command: SERVING, options: [script], onLine });
    await until('training: up', 3);
    const answer = await ask(server.url, '{ recommendations { nodes { rank } } }');
    expect(answer.errors).toBeUndefined();
    expect(await server.kill('SIGTERM')).toBe(0);
    const turns = lines.map(({ msg }) => msg).filter((msg) => /^training (begins|ended|was stopped)$/.test(msg));
    const [begins, ended] = ['training begins', 'training ended'];
    expect(turns).toEqual([begins, ended, begins, ended, begins, 'training was stopped']);
    const begun = lines.filter(({ msg }) => msg === 'training begins');
    for (const { pid } of begun) expect(() => process.kill(pid as number, 0)).toThrow('ESRCH');
  });
});

it('the next training is counted from the newest snapshot, also after a restart', async () => {
  await withFolder(async (folder) => {
    const store = new FilesSnapshotStore(join(folder, 'snapshots'));
    await publishFitted(store, 0, { createdAt: Date.now() });
    const { lines, onLine } = linesOf();
    const server = await startProcess(folder, {}, { options: ['--every', '1d'], onLine });
    await ask(server.url, '{ snapshot { id } }');
    expect(await server.kill('SIGTERM')).toBe(0);
    expect(lines.map(({ msg }) => msg)).not.toContain('training begins');
  });
});
