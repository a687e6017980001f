/** A server that was installed without the optional package of Application Insights. */
import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MAIN, withFolder } from '../support/server.js';

const PACKAGES = join(__dirname, '../../node_modules');

it('does not start where it is to tell Application Insights and can’t, and says what is missing', async () => {
  await withFolder(async (folder) => {
    await cp(join(MAIN, '../..'), join(folder, 'dist'), { recursive: true });
    await mkdir(join(folder, 'node_modules'));
    const names = (await readdir(PACKAGES)).filter((name) => name !== 'applicationinsights');
    await Promise.all(names.map((name) => symlink(join(PACKAGES, name), join(folder, 'node_modules', name))));
    const APPLICATIONINSIGHTS_CONNECTION_STRING = 'InstrumentationKey=00000000-0000-4000-8000-000000000001';
    const command = [join(folder, 'dist/src/main.js'), 'serve', '--data', join(folder, 'data'), '--port', '0'];
    const env = { ...process.env, APPLICATIONINSIGHTS_CONNECTION_STRING };
    await expect(promisify(execFile)(process.execPath, command, { env })).rejects.toMatchObject({
      code: 1,
      stderr:
        'BAD_SETTING: APPLICATIONINSIGHTS_CONNECTION_STRING: the package is not installed; npm install applicationinsights@3.16.0\n',
    });
  });
});
