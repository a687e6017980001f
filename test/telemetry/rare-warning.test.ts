import { pino } from 'pino';
import { rareWarning } from '../../src/telemetry/rare-warning.js';

it('warns at once and then once a minute, with how many were not warned of; each has a line of level debug', () => {
  const lines: unknown[] = [];
  const logger = pino(
    { base: null, timestamp: false, level: 'debug' },
    { write: (line) => void lines.push(JSON.parse(line)) },
  );
  let now = 5;
  const warn = rareWarning({ logger, message: 'odd', clock: () => now });
  for (const at of [5, 6, 60_004, 60_005, 60_006]) {
    now = at;
    warn({ at });
  }
  const msg = 'odd';
  expect(lines).toEqual([
    { level: 40, at: 5, before: 0, msg },
    { level: 20, at: 6, msg },
    { level: 20, at: 60_004, msg },
    { level: 40, at: 60_005, before: 2, msg },
    { level: 20, at: 60_006, msg },
  ]);
});
