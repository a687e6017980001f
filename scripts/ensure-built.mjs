// Installs what is missing and builds where the sources have changed: nothing otherwise. `everything` after it asks for the
// packages of tests and checks too.
import { existsSync, readFileSync } from 'node:fs';
import { ensureInstalled } from './ensure-installed.mjs';
import { fingerprint } from './fingerprint.mjs';
import { run } from './run.mjs';

const BUILT = 'dist/.built-from';

ensureInstalled({ everything: process.argv[2] === 'everything' });
if (!existsSync(BUILT) || readFileSync(BUILT, 'utf8') !== fingerprint()) {
  console.log('Building…');
  run('npm', ['run', '--silent', 'build']);
}
