/** Options of the command line, checked: a wrong one names itself, its value and what is allowed. */
import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What the command line was given can't be done. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    readonly code: 'BAD_OPTION' | 'UNKNOWN_KEY' | 'UNKNOWN_SCENARIO' | 'NO_SNAPSHOT' | 'INTERRUPTED',
    message: string,
  ) {
    super(message);
  }
}

/** A whole number within limits. @throws CommandError BAD_OPTION */
export function numberOf(option: string, text: string, { least, most }: { least: number; most: number }): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new CommandError('BAD_OPTION', `${option} is "${text}"; allowed is a whole number from ${least} to ${most}`);
}

/** More than 0, at most 1. @throws CommandError BAD_OPTION */
export function fractionOf(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value <= 1) return value;
  throw new CommandError('BAD_OPTION', `${option} is "${text}"; allowed is a number above 0 and up to 1`);
}

/** Whether the file can be written: asked before the work, not after it. @throws CommandError BAD_OPTION */
export async function checkWritable(option: string, path: string): Promise<void> {
  const refuse = (why: string): never => {
    throw new CommandError('BAD_OPTION', `${option} is "${path}"; ${why}`);
  };
  await access(dirname(path), constants.W_OK).catch(() =>
    refuse(`there is no folder ${dirname(path)} that can be written to`),
  );
  const found = await stat(path).catch(() => null);
  if (found === null) return;
  if (found.isDirectory()) refuse('that is a folder, and a file is to be written');
  await access(path, constants.W_OK).catch(() => refuse('there is a file that can’t be written to'));
}

const TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z?)?$/;

/** ISO 8601, in UTC whether it says so or not; a day alone is its first moment. @throws CommandError BAD_OPTION */
export function timeOf(option: string, text: string): number {
  const full = text.includes('T') ? text.replace(/Z?$/, 'Z') : `${text}T00:00:00Z`;
  const time = TIME.test(text) ? Date.parse(full) : NaN;
  // Date.parse rolls 30 February over into March.
  if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(text.slice(0, 10))) return time;
  throw new CommandError('BAD_OPTION', `${option} is "${text}"; allowed is a time such as 2017-10-13T06:00:00Z`);
}
