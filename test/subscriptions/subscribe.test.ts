/** Faults of ours within subscriptions, wherever they happen: masked for the client, told in the log, recorded. */
import { GraphQLInt, GraphQLObjectType, GraphQLSchema } from 'graphql';
import { pino } from 'pino';
import { createContext, type RequestContext } from '../../src/context.js';
import { type Gateway } from '../../src/gateway.js';
import { createApollo } from '../../src/graphql/apollo.js';
import { LOCAL_CALLER } from '../../src/identity/caller.js';
import { subscribe } from '../../src/subscriptions/subscribe.js';
import { type OperationRecord } from '../../src/telemetry/operation-record.js';
import { recordOperations } from '../../src/telemetry/record-operations.js';

const fault = (): never => {
  throw new Error('the disk is on fire');
};
async function* once(_root: unknown, _args: unknown, context: RequestContext): AsyncGenerator<object> {
  yield { context };
}
async function* never(): AsyncGenerator<object> {
  fault();
}

const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: 'Query', fields: { nothing: { type: GraphQLInt } } }),
  subscription: new GraphQLObjectType({
    name: 'Subscription',
    fields: {
      source: { type: GraphQLInt, subscribe: fault },
      stream: { type: GraphQLInt, subscribe: never },
      field: { type: GraphQLInt, subscribe: once, resolve: fault },
      good: { type: GraphQLInt, subscribe: once, resolve: () => 1 },
    },
  }),
});

/** The answer or the values of a subscription, what was told of its errors, and what was recorded of it. */
async function run(
  query: string,
): Promise<{ answers: unknown[]; faults: unknown[]; records: Pick<OperationRecord, 'phase' | 'outcome' | 'codes'>[] }> {
  const faults: unknown[] = [];
  const records: Pick<OperationRecord, 'phase' | 'outcome' | 'codes'>[] = [];
  const apollo = createApollo({
    schema,
    introspection: true,
    compiled: true,
    hooks: [recordOperations([({ phase, outcome, codes }) => void records.push({ phase, outcome, codes })])],
    logger: pino({ level: 'silent' }),
  });
  const opened = await subscribe({
    apollo,
    request: { query },
    demandDocument: () => undefined,
    tellFault: (error, requestId) => void faults.push([requestId, (error as Error).message]),
    pace: { gapMs: 0, refreshMs: 1_000 },
    timeoutMs: 60_000,
    contextOf() {
      const context = createContext({ snapshot: null } as unknown as Gateway, 0, { caller: LOCAL_CALLER });
      context.trail.requestId = 'r';
      return Promise.resolve(context);
    },
    ready: () => Promise.resolve(),
  });
  const answers: unknown[] = [];
  if ('errors' in opened) answers.push(opened);
  else for await (const value of opened.values) answers.push(value);
  return { answers, faults, records };
}

const MASKED = { message: 'something went wrong on our side', extensions: { code: 'INTERNAL' } };
const FAULTS = [['r', 'the disk is on fire']];
const opened = { phase: 'opened', outcome: 'ok', codes: [] };
const failed = (phase: string | null): object => ({ phase, outcome: 'ours', codes: ['INTERNAL'] });

it.each([
  ['that can’t be opened', 'source', [failed(null)]],
  ['whose source fails', 'stream', [opened, failed('ended')]],
  ['whose value fails', 'field', [opened, failed('ended')]],
])('the fault of a subscription %s is masked, told and recorded', async (_which, field, records) => {
  const told = await run(`subscription { ${field} }`);
  expect(told.answers).toMatchObject([{ errors: [MASKED] }]);
  expect(told).toMatchObject({ faults: FAULTS, records });
});

it('a good subscription is recorded when it opens and when it ends', async () => {
  expect(await run('subscription { good }')).toEqual({
    answers: [{ data: { good: 1 } }],
    faults: [],
    records: [opened, { phase: 'ended', outcome: 'ok', codes: [] }],
  });
});
