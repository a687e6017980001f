/** What an operation leaves behind that went well. */
import { type OperationRecord } from '../../src/telemetry/operation-record.js';

export const RECORD: OperationRecord = {
  requestId: 'r',
  caller: 'shop',
  callerUser: 'who-asks',
  name: 'Home',
  type: 'query',
  phase: null,
  documentHash: 'ab',
  outcome: 'ok',
  codes: [],
  durationMs: 20.126,
  users: new Set(['somebody']),
  status: 200,
  traceparent: null,
  lists: null,
};
