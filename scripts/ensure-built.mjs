// Installs where the lockfile has changed since the last install and builds where the sources have: nothing otherwise.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { fingerprint } from './fingerprint.mjs';

const INSTALLED = 'node_modules/.installed-from';
const lock = createHash('sha256')
  .update(readFileSync('package-lock.json'))
  .update(readFileSync('package.json'))
  .digest('hex');

if (read(INSTALLED) !== lock) {
  console.log('Installing…');
  run('npm', ['ci', '--no-progress', '--loglevel=error']);
  writeFileSync(INSTALLED, lock);
}
if (read('dist/.built-from') !== fingerprint()) {
  console.log('Building…');
  run('npm', ['run', '--silent', 'build']);
}

function read(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

function run(command, args) {
  const { status } = spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) process.exit(status ?? 1);
}
