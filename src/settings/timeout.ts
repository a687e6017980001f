/** Settings of how long one operation may take. */
import { type Setting, wholeNumber } from './setting.js';

export const TIMEOUT_SETTINGS = {
  operationTimeoutMs: {
    variable: 'OPERATION_TIMEOUT_MS',
    otherwise: 10_000,
    ...wholeNumber(1, 600_000),
    purpose: 'time for one operation, ms; then no more lists are made for it',
  },
} satisfies Record<string, Setting<unknown>>;
