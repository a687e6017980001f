/**
 * One line an operation: level error where the fault is ours, warn where it was slow, debug otherwise, so that a healthy server
 * under load writes nothing. Never variables, never ids of users.
 */
import { type Logger } from 'pino';
import { type OperationListener, type OperationRecord } from './operation-record.js';

/** @param slowMs 0: none is slow */
export function operationLog(logger: Logger, slowMs: number): OperationListener {
  const told = logger.isLevelEnabled('debug');
  return (record) => {
    if (record.outcome === 'ours') logger.error(fieldsOf(record), 'an operation failed');
    else if (isSlow(record, slowMs)) logger.warn(fieldsOf(record), 'an operation was slow');
    else if (told) logger.debug(fieldsOf(record), 'operation');
  };
}

/** A subscription is not slow because it lasts, and how long the body of a refused request takes to arrive is its sender's affair. */
function isSlow({ durationMs, phase, documentHash, caller }: OperationRecord, slowMs: number): boolean {
  const wasRefused = documentHash === null && caller === null;
  return slowMs > 0 && durationMs > slowMs && phase !== 'ended' && !wasRefused;
}

function fieldsOf({
  requestId,
  caller,
  name,
  type,
  phase,
  documentHash,
  outcome,
  codes,
  durationMs,
}: OperationRecord): object {
  const ms = Math.round(durationMs * 100) / 100;
  const subscription = phase === null ? {} : { phase };
  return { requestId, caller, operation: name, type, ...subscription, document: documentHash, outcome, codes, ms };
}
