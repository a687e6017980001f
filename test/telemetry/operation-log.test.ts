import { pino } from 'pino';
import { operationLog } from '../../src/telemetry/operation-log.js';
import { type OperationRecord, verdictOf } from '../../src/telemetry/operation-record.js';
import { RECORD } from '../support/operation-record.js';

function linesOf(slowMs: number, ...records: OperationRecord[]): Record<string, unknown>[] {
  const lines: Record<string, unknown>[] = [];
  const logger = pino(
    { base: null },
    { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
  );
  records.forEach(operationLog(logger, slowMs));
  return lines;
}

it('writes slow operations at level warn, without the users', () => {
  const [line, ...more] = linesOf(20, RECORD, { ...RECORD, durationMs: 19 });
  expect(more).toEqual([]);
  expect(line).toEqual({
    level: 40,
    time: expect.any(Number) as number,
    requestId: 'r',
    caller: 'shop',
    operation: 'Home',
    type: 'query',
    document: 'ab',
    outcome: 'ok',
    codes: [],
    ms: 20.13,
    msg: 'an operation was slow',
  });
});

it('takes no subscription for slow because it lasted', () => {
  const subscription: OperationRecord = { ...RECORD, type: 'subscription', phase: 'ended' };
  expect(linesOf(20, subscription)).toEqual([]);
  expect(linesOf(20, { ...subscription, phase: 'opened' })).toMatchObject([{ phase: 'opened', level: 40 }]);
});

it('takes nothing for slow where SLOW_MS is 0', () => expect(linesOf(0, RECORD)).toEqual([]));

it('writes our faults at level error', () => {
  expect(linesOf(0, { ...RECORD, outcome: 'ours', codes: ['INTERNAL'] })).toMatchObject([
    { level: 50, msg: 'an operation failed', codes: ['INTERNAL'] },
  ]);
});

it.each([
  [undefined, 'ok', []],
  [['BAD_ID', 'BAD_ID'], 'caller', ['BAD_ID']],
  [['BAD_ID', 'INTERNAL'], 'ours', ['BAD_ID', 'INTERNAL']],
  [['NOT_IN_THE_TABLE'], 'ours', ['NOT_IN_THE_TABLE']],
])('judges errors %j: %s', (codes, outcome, told) => {
  expect(verdictOf(codes?.map((code) => ({ extensions: { code } })))).toEqual({ outcome, codes: told });
});

it('takes no refused request for slow: how long it took to arrive is not ours', () => {
  const refused = { ...RECORD, caller: null, name: null, type: null, documentHash: null, outcome: 'caller' as const };
  expect(linesOf(20, { ...refused, codes: ['BAD_JSON'], durationMs: 5_000 })).toEqual([]);
});
