/** Settings of what an operator sees: the log's lines and the metrics. */
import { address, type Setting, wholeNumber } from './setting.js';

const port = wholeNumber(0, 65_535);

export const OPERATIONS_SETTINGS = {
  slowMs: {
    variable: 'SLOW_MS',
    otherwise: 1_000,
    ...wholeNumber(0, 3_600_000),
    purpose: 'an operation that takes longer gets a line of level warn, ms; 0: none does',
  },
  metricsPort: {
    variable: 'METRICS_PORT',
    otherwise: null as number | null,
    allowed: port.allowed,
    parse: (text: string): number | null | undefined => port.parse(text),
    purpose: 'port of /metrics; 0 takes a free one; without it nothing is measured',
  },
  metricsHost: {
    variable: 'METRICS_HOST',
    otherwise: '127.0.0.1',
    ...address,
    purpose: 'address that /metrics is bound to',
  },
} satisfies Record<string, Setting<unknown>>;
