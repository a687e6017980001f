/**
 * What the GraphQL layer costs: requests a second for an answer of 11 KB (20 items of 12 fields and 5 stage scores, no engine behind
 * it) as a ratio to bare fastify sending the same JSON and to mercurius with JIT, taking turns, each server on one core of its own; and
 * the same for each second that the server's process had of the core, which others on the machine change less.
 * node --require ./test/support/register-swc.cjs test/bench/gateway.bench.ts [SECONDS] [ROUNDS]
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import createFastify, { type FastifyInstance } from 'fastify';
import { buildSchema, graphqlSync, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import mercurius from 'mercurius';
import { pino } from 'pino';
import { type RequestContext } from '../../src/context.js';
import { createApollo } from '../../src/graphql/apollo.js';
import { graphqlRoute } from '../../src/http/graphql-route.js';
import { cpuSeconds } from '../support/cpu-seconds.js';
import { httpLoad } from '../support/http-load.js';

const CONNECTIONS = 32;
const SCHEMA = `
  type Query { recommendations(userId: ID!, first: Int): Page! }
  type Page { recommendationId: ID! nodes: [Recommendation!]! }
  type Recommendation { rank: Int! score: Float! item: Item! scores: Scores! }
  type Item { id: ID! title: String! summary: String! section: String! author: String! url: String! image: String! publishedAt: String! words: Int! available: Boolean! }
  type Scores { popularity: Float newest: Float itemNeighbours: Float userNeighbours: Float als: Float }`;
const QUERY = `query List($userId: ID!, $first: Int) { recommendations(userId: $userId, first: $first) { recommendationId
  nodes { rank score item { id title summary section author url image publishedAt words available }
    scores { popularity newest itemNeighbours userNeighbours als } } } }`;
const VARIABLES = { userId: 'reader-17', first: 20 };

const PAGE = {
  recommendationId: 'a52cf0a9-7ee6-4b5e-9d9e-8b9f7b8f3f50',
  nodes: Array.from({ length: 20 }, (_, at) => ({
    rank: at + 1,
    score: 1 / (at + 1.37),
    item: {
      id: `article-${at}`,
      title: `The headline of article number ${at}, which is as long as they are`,
      summary: `What article ${at} says in a sentence or two`,
      section: 'world',
      author: `Author ${at % 7}`,
      url: `https://news.example/world/2026/01/05/article-${at}`,
      image: `https://images.example/world/2026/01/05/article-${at}/wide.jpg`,
      publishedAt: '2026-01-05T12:00:00.000Z',
      words: 300 + at,
      available: true,
    },
    scores: {
      popularity: Math.sin(at) ** 2,
      newest: Math.cos(at) ** 2,
      itemNeighbours: Math.sin(at + 1) ** 2,
      userNeighbours: Math.cos(at + 1) ** 2,
      als: Math.sin(at + 2) ** 2,
    },
  })),
};

function schema(): GraphQLSchema {
  const built = buildSchema(SCHEMA);
  (built.getType('Query') as GraphQLObjectType).getFields()['recommendations']!.resolve = () => Promise.resolve(PAGE);
  return built;
}

const SERVERS: Readonly<Record<string, (app: FastifyInstance) => Promise<void>>> = {
  async fastify(app) {
    const answer = graphqlSync({
      schema: buildSchema(SCHEMA),
      source: QUERY,
      variableValues: VARIABLES,
      rootValue: { recommendations: PAGE },
    });
    app.post('/graphql', (_request, reply) =>
      reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(answer)),
    );
  },
  async mercurius(app) {
    await app.register(mercurius, { schema: schema(), jit: 1 });
  },
  async gateway(app) {
    const apollo = createApollo({
      schema: schema(),
      introspection: true,
      compiled: true,
      logger: pino({ level: 'silent' }),
    });
    await apollo.start();
    // Of a context the route reads only the headers that an answer gets.
    const contextOf = (): Promise<RequestContext> => Promise.resolve({ responseHeaders: new Map() } as never);
    graphqlRoute(app, '/graphql', { apollo, contextOf });
  },
};

async function listen(name: string): Promise<void> {
  const app = createFastify({ forceCloseConnections: true });
  await SERVERS[name]!(app);
  process.send!(await app.listen({ port: 0, host: '127.0.0.1' }));
}

/** The process on that core alone, where the system can do that. */
function pin(pid: number, core: number): void {
  try {
    execFileSync('taskset', ['-cp', String(core), String(pid)], { stdio: 'ignore' });
  } catch {
    console.log(`process ${pid} is on no core of its own`);
  }
}

async function start(name: string): Promise<{ readonly url: string; readonly child: ChildProcess }> {
  const child = spawn(process.execPath, [...process.execArgv, __filename, 'listen', name], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  pin(child.pid!, 0);
  const url = await new Promise<string>((resolve) => child.once('message', (message) => resolve(message as string)));
  return { url: `${url}/graphql`, child };
}

async function main(seconds: number, rounds: number): Promise<void> {
  pin(process.pid, 1);
  const body = JSON.stringify({ query: QUERY, variables: VARIABLES });
  const servers = await Promise.all(Object.keys(SERVERS).map(async (name) => ({ name, ...(await start(name)) })));
  const rates = new Map<string, number[]>(servers.map(({ name }) => [name, []]));
  const perCpu = new Map<string, number[]>(servers.map(({ name }) => [name, []]));
  const answers = new Set<string>();
  const onAnswer = (status: number, answer: string): void => {
    if (status !== 200) throw new Error(`${status} ${answer}`);
    answers.add(answer);
  };
  for (const { url } of servers)
    await httpLoad({ url, connections: CONNECTIONS, seconds: 3, body: () => body, onAnswer });
  if (answers.size !== 1) throw new Error(`${answers.size} different answers`);
  for (let round = 0; round < rounds; round++) {
    for (const { name, url, child } of servers) {
      const before = cpuSeconds(child.pid!);
      const load = await httpLoad({ url, connections: CONNECTIONS, seconds, body: () => body, onAnswer });
      rates.get(name)!.push(load.perSecond);
      perCpu.get(name)!.push(load.requests / (cpuSeconds(child.pid!) - before));
    }
  }
  for (const { child } of servers) child.kill();
  console.log(`${Buffer.byteLength([...answers][0]!)} bytes an answer, ${CONNECTIONS} connections`);
  const median = (values: readonly number[]): number =>
    [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
  for (const [unit, measured] of Object.entries({ 'requests/s': rates, 'requests a CPU second': perCpu })) {
    for (const [name, values] of measured) {
      const ratios = (of: string): string =>
        median(values.map((value, round) => value / measured.get(of)![round]!)).toFixed(2);
      console.log(
        `${name}: ${Math.round(median(values))} ${unit} (${values.map(Math.round).join(', ')}), ${ratios('fastify')} of fastify, ${ratios('mercurius')} of mercurius`,
      );
    }
  }
}

const [mode = '3', argument = '5'] = process.argv.slice(2);
void (mode === 'listen' ? listen(argument) : main(Number(mode), Number(argument)));
