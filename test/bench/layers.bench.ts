/**
 * What each layer costs that a request passes, in microseconds: the same request over the stack with all layers, and with all but
 * that one, taking turns; the median of the differences with their quartiles, and the layer's own call alone where it has one.
 * node --require ./test/support/register-swc.cjs test/bench/layers.bench.ts [ROUNDS=12]
 */
import { EventEmitter } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type GraphQLRequestContextDidResolveOperation } from '@apollo/server';
import createFastify, { type FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { buildGraphQLSchema } from '../../resolvers/index.js';
import { openAuditLog } from '../../src/audit/open-audit-log.js';
import { readConfig } from '../../src/config.js';
import { createContext, type RequestContext } from '../../src/context.js';
import { createApollo } from '../../src/graphql/apollo.js';
import { type OperationHooks } from '../../src/graphql/operation-hooks.js';
import { authorisedOperations } from '../../src/graphql/authorised-operations.js';
import { apiHeaders } from '../../src/http/api-headers.js';
import { callerFirst } from '../../src/http/caller-first.js';
import { graphqlRoute } from '../../src/http/graphql-route.js';
import { httpErrors } from '../../src/http/http-errors.js';
import { jsonBody } from '../../src/http/json-body.js';
import { echoRequestId, requestIdOf } from '../../src/http/request-id.js';
import { RequestSignal } from '../../src/http/request-signal.js';
import { LOCAL_CALLER } from '../../src/identity/caller.js';
import { drawKeyId, drawSecret, KEY_FILE, writeKeys } from '../../src/identity/key-file.js';
import { openAuthenticator } from '../../src/identity/open-authenticator.js';
import { dailyQuota } from '../../src/limits/daily-quota.js';
import { LmdbCounters } from '../../src/limits/lmdb-counters.js';
import { operationCost } from '../../src/limits/operation-cost.js';
import { pressure } from '../../src/limits/pressure.js';
import { limiting, withRateLimits } from '../../src/limits/rate-limited-schema.js';
import { statusOfLimits } from '../../src/limits/status-of-limits.js';
import { tokenLimit } from '../../src/limits/token-limit.js';
import { openGateway } from '../../src/open-gateway.js';
import { boundedNames } from '../../src/telemetry/bounded-names.js';
import { openInsights } from '../../src/telemetry/insights.js';
import { openTelemetry } from '../../src/telemetry/telemetry.js';
import { operationLog } from '../../src/telemetry/operation-log.js';
import { type OperationRecord } from '../../src/telemetry/operation-record.js';
import { recordOperations } from '../../src/telemetry/record-operations.js';
import { recordRefusals } from '../../src/telemetry/record-refusals.js';
import { httpLoad } from '../support/http-load.js';
import { withFolder } from '../support/server.js';

const CONNECTIONS = 8;
const SLICE_S = 0.5;
const CALLS = 100_000;
/** Calls between two breaths of what works off what was gathered. */
const CALLS_A_BREATH = 1_000;
const A_MINUTE_MS = 60_000;
const ENDLESS = { limit: 999_999_999, duration: 60 };
/** A collector that refuses every connection: what is measured is what telling costs, not sending. */
const NOWHERE = 'InstrumentationKey=00000000-0000-4000-8000-000000000001;IngestionEndpoint=https://localhost:1/';
const BODY = JSON.stringify({ query: 'query One($id: ID!) { user(id: $id) { id } }', variables: { id: 'u1' } });

/** Layers, and which others stand on them. */
const LAYERS = {
  'request id': [],
  'security headers': [],
  'JSON of bounded depth': [],
  'API key': [],
  'request signal': [],
  authorisation: [],
  'document cost': [],
  'rate limit': [],
  quota: [],
  'record and log': ['audit', 'metrics', 'insights'],
  audit: [],
  metrics: [],
  insights: [],
} satisfies Record<string, readonly string[]>;
type Layer = keyof typeof LAYERS;
type Call = () => unknown;

interface Stack {
  readonly url: string;
  readonly app: FastifyInstance;
}

async function main(folder: string, rounds: number): Promise<void> {
  const config = readConfig({ RECOGRAPH_DATA: join(folder, 'data'), AUDIT_LOG: 'on', METRICS_PORT: '0' });
  const { dataFolder } = config;
  mkdirSync(dataFolder, { recursive: true });
  const logger = pino({ level: 'warn' });
  const clock = (): number => Date.now();
  const id = drawKeyId();
  const { text: key, sha256 } = drawSecret(id);
  const made = { id, name: 'bench', roles: ['server'] as const, userId: null, createdAt: 0, revokedAt: null };
  await writeKeys(join(dataFolder, KEY_FILE), [{ ...made, secrets: [{ sha256, expiresAt: null }] }]);
  const authenticator = await openAuthenticator(config, logger);
  const open = await openGateway(config, (problem) => logger.warn(problem));
  const { gateway } = open;
  const counters = new LmdbCounters({ folder: join(dataFolder, 'limits'), clock });
  const audit = await openAuditLog(config.audit!, dataFolder, logger);
  const { server } = createFastify();
  const telemetry = await openTelemetry({
    ...open,
    config,
    server,
    auditLost: () => 0,
    limitsAlone: null,
    clock,
    worker: null,
    logger,
  });
  const [measure] = telemetry.listeners;
  const insights = await openInsights({
    ...{ connectionString: NOWHERE, sample: config.telemetrySample, readers: [], nameOf: boundedNames(200) },
    ...{ snapshot: () => null, clock, logger },
  });
  const shown = withRateLimits(buildGraphQLSchema(), { 'Query.user': ENDLESS });
  const limited = limiting(shown, counters);
  const log = operationLog(logger, config.slowMs);
  const hooks = {
    authorisation: authorisedOperations('on'),
    'document cost': operationCost(config.maxCost),
    quota: dailyQuota(ENDLESS.limit, counters),
  } satisfies Partial<Record<Layer, OperationHooks>>;
  const demandDocument = tokenLimit(config);
  let last: GraphQLRequestContextDidResolveOperation<RequestContext> | undefined;
  const remember: OperationHooks = {
    didResolveOperation(operation) {
      last = operation;
    },
  };

  /** As src/server.ts composes them. */
  async function start(on: ReadonlySet<Layer>): Promise<Stack> {
    const app: FastifyInstance = createFastify({ ...(on.has('request id') && { genReqId: requestIdOf }) });
    httpErrors(app, logger);
    if (on.has('JSON of bounded depth')) jsonBody(app);
    if (on.has('request id')) echoRequestId(app);
    if (on.has('security headers')) apiHeaders(app, { tls: false });
    const listeners = [
      log,
      ...(on.has('audit') ? [audit.record] : []),
      ...(on.has('metrics') ? [measure!] : []),
      ...(on.has('insights') ? [insights.onOperation] : []),
    ];
    if (on.has('record and log')) recordRefusals(app, new Set(['/graphql']), listeners);
    if (on.has('rate limit')) await pressure(app, config.maxEventLoopDelayMs);
    const chosen = Object.entries(hooks).flatMap(([name, some]) => (on.has(name as Layer) ? [some] : []));
    const apollo = createApollo({
      schema: on.has('rate limit') ? limited : shown,
      introspection: true,
      compiled: true,
      hooks: [
        ...(on.has('record and log') ? [recordOperations(listeners)] : []),
        ...chosen,
        ...(on.has('rate limit') ? [statusOfLimits] : []),
        ...(last === undefined ? [remember] : []),
      ],
      logger,
    });
    await apollo.start();
    const known = on.has('API key');
    graphqlRoute(app, '/graphql', {
      apollo,
      ...(known && { onRequest: callerFirst(app, ({ headers }) => authenticator.callerOf(headers)) }),
      ...(on.has('document cost') && { demandDocument }),
      contextOf: (request, { raw }) => {
        const caller = known ? request.caller! : LOCAL_CALLER;
        const signal = on.has('request signal') ? RequestSignal.ofAnswer(raw, config.operationTimeoutMs) : undefined;
        const asked = { caller, ...(signal !== undefined && { request: signal }) };
        const context = createContext(gateway, Date.now(), asked);
        context.trail.requestId = request.id;
        if (on.has('record and log')) request.trail = context.trail;
        return Promise.resolve(context);
      },
    });
    return { app, url: `${await app.listen({ port: 0, host: '127.0.0.1' })}/graphql` };
  }

  /** Microseconds of one request. */
  async function microsOf({ url }: Stack, seconds = SLICE_S): Promise<number> {
    const onAnswer = (status: number, body: string): void => {
      if (status !== 200 || body.includes('"errors"')) throw new Error(`${status} ${body}`);
    };
    const load = { url, connections: CONNECTIONS, seconds, body: () => BODY, headers: { 'x-api-key': key }, onAnswer };
    return 1_000_000 / (await httpLoad(load)).perSecond;
  }

  const all = Object.keys(LAYERS) as Layer[];
  const seen = await start(new Set(all));
  await microsOf(seen, 2);
  await seen.app.close();
  const resolved = last!;
  const record: OperationRecord = {
    ...{ requestId: requestIdOf({ headers: {} }), caller: `key:${id}`, name: 'One', type: 'query' },
    ...{ documentHash: sha256, outcome: 'ok', codes: [], durationMs: 1, users: new Set(['u1']) },
    ...{ callerUser: 'u1', phase: null, status: 200, traceparent: null, lists: null },
  };
  const ofHooks =
    ({ didResolveOperation }: OperationHooks): Call =>
    () =>
      didResolveOperation!(resolved);
  const calls: Partial<Record<Layer, Call>> = {
    'request id': () => requestIdOf({ headers: {} }),
    'API key': () => authenticator.callerOf({ 'x-api-key': key }),
    'request signal': () => {
      const response = Object.assign(new EventEmitter(), { writableFinished: true });
      RequestSignal.ofAnswer(response as never, config.operationTimeoutMs);
      response.emit('close');
    },
    authorisation: ofHooks(hooks.authorisation),
    'document cost': ofHooks(hooks['document cost']),
    'rate limit': () => counters.add(`Query.user key:${id} u1 60`, 1, A_MINUTE_MS),
    quota: ofHooks(hooks.quota),
    'record and log': () => log(record),
    audit: () => audit.record(record),
    metrics: () => measure!(record),
    insights: () => insights.onOperation(record),
  };
  let sum = 0;
  console.log(`${'layer'.padEnd(24)} over HTTP, µs (quartiles)       its own call, µs`);
  const whole: number[] = [];
  for (const layer of all) {
    const base = all.filter((other) => !(LAYERS[layer] as readonly string[]).includes(other));
    const stacks = [await start(new Set(base)), await start(new Set(base.filter((other) => other !== layer)))] as const;
    for (const stack of stacks) await microsOf(stack);
    const differences: number[] = [];
    for (let round = 0; round < rounds; round++) {
      // Who comes first changes, for the machine grows slower or faster meanwhile.
      const order = round % 2 === 0 ? [0, 1] : [1, 0];
      const times = [0, 0];
      for (const at of order) times[at] = await microsOf(stacks[at as 0 | 1]);
      differences.push(times[0]! - times[1]!);
      whole.push(times[0]!);
    }
    for (const { app } of stacks) await app.close();
    const [low, middle, high] = quartiles(differences);
    sum += middle;
    const call = calls[layer];
    const own = call === undefined ? '-' : (await microsOfCall(call, () => audit.flush())).toFixed(2);
    const over = `${middle.toFixed(1)} (${low.toFixed(1)} to ${high.toFixed(1)})`;
    console.log(`${layer.padEnd(24)} ${over.padEnd(30)} ${own}`);
  }
  const [, request] = quartiles(whole);
  console.log(`sum over HTTP: ${sum.toFixed(1)} µs of a request of ${request.toFixed(0)} µs, its client included`);
  await insights.close();
  await telemetry.close();
  await audit.close();
  await counters.close();
  await open.close();
}

function quartiles(values: readonly number[]): readonly [number, number, number] {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number): number => sorted[Math.floor((sorted.length - 1) * part)]!;
  return [at(0.25), at(0.5), at(0.75)];
}

async function microsOfCall(call: Call, breathe: () => Promise<void>): Promise<number> {
  let ms = 0;
  for (let done = 0; done < CALLS; done += CALLS_A_BREATH) {
    const from = performance.now();
    for (let at = 0; at < CALLS_A_BREATH; at++) await call();
    ms += performance.now() - from;
    await breathe();
  }
  return (ms * 1_000) / CALLS;
}

void withFolder((folder) => main(folder, Number(process.argv[2] ?? 12)));
