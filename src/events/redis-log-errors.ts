/** Errors of Redis as those of the log's contract. */
import { RemoteUnavailableError } from '../remote/remote-unavailable-error.js';
import { LogUnavailableError } from './log.js';
import { LOST_EVENTS, OTHER_LOG } from './redis-log-scripts.js';

/** Whether a script has refused what was meant for another log, or another generation of it. */
export function isOfAnotherLog(error: unknown): boolean {
  const { message } = causeOf(error);
  return message.startsWith(OTHER_LOG) || message.startsWith(LOST_EVENTS);
}

export function appendRefused(error: unknown): LogUnavailableError {
  // Where Redis has refused the script, it wrote nothing.
  const maybeAppended = causeOf(error).name !== 'ReplyError';
  const outcome = maybeAppended ? 'whether the events were appended is not known' : 'nothing was appended';
  const message = `the event log is unavailable: ${(error as Error).message}; ${outcome}`;
  return new LogUnavailableError(message, { cause: error }, maybeAppended);
}

/** @throws LogUnavailableError */
export function unavailable(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  throw new LogUnavailableError(`the event log is unavailable: ${message}`, { cause: error });
}

function causeOf(error: unknown): Error {
  return error instanceof RemoteUnavailableError ? (error.cause as Error) : (error as Error);
}
