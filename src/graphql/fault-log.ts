/**
 * Our own faults are masked in answers, so they are told in the log: each once, with the id of its request where one is known.
 * Apollo's `formatError` knows no request, so a plugin sees the errors of executions first.
 */
import { type Logger } from 'pino';
import { publicError } from '../../resolvers/errors.js';
import { type OperationHooks } from './operation-hooks.js';

export interface FaultLog {
  /** Writes a line where the error is a fault of ours that has none yet. */
  tell(error: unknown, requestId: string | null): void;
  readonly hooks: OperationHooks;
}

export function faultLog(logger: Logger): FaultLog {
  const told = new WeakSet<object>();
  const tell: FaultLog['tell'] = (error, requestId) => {
    if (publicError(error).extensions?.['code'] !== 'INTERNAL') return;
    if (typeof error === 'object' && error !== null) {
      if (told.has(error)) return;
      told.add(error);
    }
    const cause = error instanceof Error ? ((error as { originalError?: Error }).originalError ?? error) : error;
    const stack = cause instanceof Error ? cause.stack : undefined;
    logger.error({ requestId, error: String(cause), stack }, 'a field failed');
  };
  const hooks: OperationHooks = {
    didEncounterErrors({ errors, contextValue }) {
      for (const error of errors) tell(error, contextValue.trail.requestId);
    },
  };
  return { tell, hooks };
}
