/** Two imports of one file into one folder at the same time, as processes. */
import { spawn, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { MAIN, withFolder } from '../support/server.js';

const ROWS = 20_000;

async function run(args: readonly string[]): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { stderr: await text(child.stderr), code: await exited };
}

it('two imports of one file at the same time add it once, and a later one finds it done', async () => {
  await withFolder(async (folder) => {
    const file = join(folder, 'clicks.csv');
    const data = join(folder, 'data');
    const rows = Array.from({ length: ROWS }, (_, at) => `u${at % 700},i${at % 90},${1_500_000_000 + at}\n`);
    await writeFile(file, `user,item,time\n${rows.join('')}`);
    const args = ['import', 'csv', '--file', file, '--data', data];
    const runs = await Promise.all([run(args), run(args), run(args)]);
    for (const { code, stderr } of runs)
      if (code !== 0) expect(stderr).toMatch(/^IMPORT_RUNNING: process \d+ is importing/);
    expect(runs.filter(({ code }) => code === 0).length).toBeGreaterThan(0);
    expect((await run(args)).code).toBe(0);
    const state = spawnSync(process.execPath, [MAIN, 'state', '--data', data], { encoding: 'utf8' });
    const marks = Math.ceil(ROWS / 4_096);
    expect(state.stdout).toMatch(new RegExp(`^position ${ROWS + marks}$`, 'm'));
  });
});
