// Runs a program in this terminal; where it fails, so does the script that asked for it.
import { spawnSync } from 'node:child_process';

export function run(command, args) {
  // npm and npx are no programs on Windows, but files for its shell.
  const shell = process.platform === 'win32' && command !== process.execPath;
  const { status } = spawnSync(command, args, { stdio: 'inherit', shell });
  if (status !== 0) process.exit(status ?? 1);
}
