/** What `npm start` and `npm test` install, from what npm recorded: npm itself is a file that writes down how it was called. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { withFolder } from '../support/server.js';

const SCRIPT = pathToFileURL(join(__dirname, '../../scripts/ensure-installed.mjs')).href;
const LEAN = ['ci --omit=dev --no-progress --loglevel=error'];
const FULL = ['ci --include=dev --no-progress --loglevel=error'];

const serves = { 'node_modules/serves': { version: '1.0.0', integrity: 'sha512-serves' } };
const tests = { 'node_modules/tests': { version: '2.0.0', integrity: 'sha512-tests', dev: true } };
const LOCKED = {
  '': { version: '0.1.0' },
  scripts: {},
  'node_modules/build': { link: true },
  'node_modules/elsewhere': { integrity: 'sha512-elsewhere', optional: true },
  'node_modules/beside': { integrity: 'sha512-beside', peer: true },
  ...serves,
  ...tests,
};

/** The calls of npm; null for no record of an install. */
function calls(installed: object | null, everything: boolean, status = 0): Promise<string[]> {
  return withFolder(async (folder) => {
    await mkdir(join(folder, 'node_modules'), { recursive: true });
    await writeFile(join(folder, 'package-lock.json'), JSON.stringify({ packages: LOCKED }));
    if (installed !== null) {
      await writeFile(join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }));
    }
    await writeFile(join(folder, 'calls'), '');
    await writeFile(join(folder, 'npm'), `#!/bin/sh\necho "$*" >> calls\nexit ${status}\n`, { mode: 0o755 });
    const code = `import { ensureInstalled } from '${SCRIPT}'; ensureInstalled({ everything: ${everything} });`;
    const env = { ...process.env, PATH: `${folder}${delimiter}${process.env['PATH']}` };
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code], { cwd: folder, env });
    if (status === 0) await run;
    else await expect(run).rejects.toMatchObject({ code: status });
    return (await readFile(join(folder, 'calls'), 'utf8')).split('\n').filter((line) => line !== '');
  });
}

it('a fresh clone gets what serves for a start, and everything for tests', async () => {
  expect(await calls(null, false)).toEqual(LEAN);
  expect(await calls(null, true)).toEqual(FULL);
});

it('after a start another one installs nothing, and tests install the rest', async () => {
  expect(await calls(serves, false)).toEqual([]);
  expect(await calls(serves, true)).toEqual(FULL);
});

it('after tests neither installs anything, with optional packages of other platforms and peers absent', async () => {
  expect(await calls({ ...serves, ...tests }, false)).toEqual([]);
  expect(await calls({ ...serves, ...tests }, true)).toEqual([]);
});

it('another version in the lockfile is installed, and who had the development packages keeps them', async () => {
  const older = { 'node_modules/serves': { version: '0.9.0', integrity: 'sha512-older' } };
  expect(await calls(older, false)).toEqual(LEAN);
  expect(await calls({ ...older, ...tests }, false)).toEqual(FULL);
});

it('ends with npm’s status where the install failed', async () => {
  expect(await calls(null, false, 7)).toEqual(LEAN);
});
