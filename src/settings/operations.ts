/** Settings of what an operator sees: the log's lines and the metrics. */
import { type Setting, wholeNumber } from './setting.js';

export const OPERATIONS_SETTINGS = {
  slowMs: {
    variable: 'SLOW_MS',
    otherwise: 1_000,
    ...wholeNumber(0, 3_600_000),
    purpose: 'an operation that takes longer gets a line of level warn, ms; 0: none does',
  },
} satisfies Record<string, Setting<unknown>>;
