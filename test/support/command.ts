/** Runs the built command line. */
import { execFile } from 'node:child_process';
import { MAIN } from './server.js';

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export function runCommand(...args: readonly string[]): Promise<CommandResult> {
  return runCommandIn({}, ...args);
}

/** The same with these variables of the environment. */
export function runCommandIn(
  environment: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const env = { ...process.env, ...environment };
    execFile(process.execPath, [MAIN, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}
