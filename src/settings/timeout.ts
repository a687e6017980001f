/** Settings of how long a request may take: to arrive, and to be answered. */
import { type Setting, wholeNumber } from './setting.js';

export const TIMEOUT_SETTINGS = {
  operationTimeoutMs: {
    variable: 'OPERATION_TIMEOUT_MS',
    otherwise: 10_000,
    ...wholeNumber(1, 600_000),
    purpose: 'time for one operation, ms; then no more lists are made for it',
  },
  consistencyWaitMs: {
    variable: 'CONSISTENCY_WAIT_MS',
    otherwise: 500,
    ...wholeNumber(0, 60_000),
    purpose: 'time that a field with consistentWith waits for its position, ms',
  },
  requestTimeoutMs: {
    variable: 'REQUEST_TIMEOUT_MS',
    otherwise: 30_000,
    ...wholeNumber(1, 600_000),
    purpose: 'time for a request to arrive in full, ms; then its connection is closed',
  },
} satisfies Record<string, Setting<unknown>>;
