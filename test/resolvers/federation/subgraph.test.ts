import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeServices } from '@apollo/composition';
import { graphql, type GraphQLSchema, parse } from 'graphql';
import { pino } from 'pino';
import { buildSubgraph, printSubgraph } from '../../../resolvers/federation/subgraph.js';
import { buildGraphQLSchema } from '../../../resolvers/index.js';
import { createContext } from '../../../src/context.js';
import { createApollo } from '../../../src/graphql/apollo.js';
import { authorisedOperations } from '../../../src/graphql/authorised-operations.js';
import { caller } from '../../../src/identity/caller.js';
import { DOCUMENTED_EVENTS, documentedVariables } from '../../support/documented.js';
import { type TestGateway, testGateway } from '../../support/gateway.js';
import { SHOP } from '../../support/shop-subgraph.js';

const OPERATIONS = join(__dirname, '../../operations');
const names = readdirSync(OPERATIONS).map((file) => file.replace('.graphql', ''));

/** Ids of lists are random: both runs draw the same. */
let drawn = 0;
jest.mock('node:crypto', () => ({
  ...jest.requireActual<typeof import('node:crypto')>('node:crypto'),
  randomUUID: () => `list-${drawn++}`,
}));

const ENTITIES = `query ($of: [_Any!]!) { _entities(representations: $of) {
  __typename ... on Item { id attributes } ... on User { id segment recommendations(first: 1) { nodes { item { id } } } } } }`;

function apolloOf(schema: GraphQLSchema, compiled: boolean) {
  return createApollo({
    schema,
    introspection: true,
    compiled,
    hooks: [authorisedOperations('roles')],
    logger: pino({ level: 'silent' }),
  });
}

/** The answer of the third time: compiled operations run compiled then. */
async function answer(
  { gateway, now, caller: asker }: TestGateway,
  { schema = buildSubgraph(), compiled = true, query = ENTITIES, variables = {} as object } = {},
) {
  const apollo = apolloOf(schema, compiled);
  let last: unknown;
  for (let run = 0; run < 3; run++) {
    const contextValue = createContext(gateway, now, { caller: asker });
    const { body } = await apollo.executeOperation({ query, variables: { ...variables } }, { contextValue });
    last = (body as { singleResult?: unknown }).singleResult;
  }
  return JSON.parse(JSON.stringify(last));
}

describe('the subgraph', () => {
  it('is what subgraph.graphql says', () => {
    expect(printSubgraph()).toBe(readFileSync(join(__dirname, '../../../subgraph.graphql'), 'utf8'));
  });

  it('composes with a subgraph that owns titles and prices', () => {
    const { errors, supergraphSdl } = composeServices([
      { name: 'recograph', url: 'http://recograph', typeDefs: parse(printSubgraph()) },
      { name: 'shop', url: 'http://shop', typeDefs: SHOP },
    ]);
    expect(errors).toBeUndefined();
    expect(supergraphSdl).toMatch(/title: String! @join__field\(graph: SHOP\)/);
  });

  it('says of itself what composition needs', async () => {
    const { data } = await graphql({ schema: buildSubgraph(), source: '{ _service { sdl } }' });
    const { sdl } = (data as { _service: { sdl: string } })._service;
    const { errors } = composeServices([
      { name: 'recograph', url: 'http://recograph', typeDefs: parse(sdl) },
      { name: 'shop', url: 'http://shop', typeDefs: SHOP },
    ]);
    expect(errors).toBeUndefined();
    expect(sdl).toMatch(/type Item\n {2}@key\(fields: "id"\)/);
  });

  it('tells its text to servers, not to browsers', async () => {
    const world = await testGateway(DOCUMENTED_EVENTS);
    world.caller = caller('test', ['client'], 'u1');
    const { errors } = await answer(world, { query: '{ _service { sdl } }' });
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    world.caller = caller('test', ['server'], null);
    expect((await answer(world, { query: '{ _service { sdl } }' })).data._service.sdl).toContain('type Item');
  });

  it.each(names)('answers %s as the schema itself does', async (name) => {
    const query = readFileSync(join(OPERATIONS, `${name}.graphql`), 'utf8');
    const answers = [];
    for (const schema of [buildSubgraph(), buildGraphQLSchema()]) {
      drawn = 0;
      const world = await testGateway(DOCUMENTED_EVENTS);
      answers.push(await answer(world, { schema, query, variables: documentedVariables(name) }));
    }
    expect(answers[0].data).toBeTruthy();
    expect(answers[0]).toEqual(answers[1]);
  });
});

describe.each([
  ['compiled', true],
  ['by graphql-js', false],
])('_entities, %s,', (_path, compiled) => {
  const item = (id: unknown): object => ({ __typename: 'Item', id });
  const user = (id: unknown): object => ({ __typename: 'User', id });

  it('answers references in their order, with null for an unknown item and a list for a cold user', async () => {
    const world = await testGateway(DOCUMENTED_EVENTS);
    const of = [user('u1'), item('i9'), item('nowhere'), user('nobody')];
    const { data, errors } = await answer(world, { compiled, variables: { of } });
    expect(errors).toBeUndefined();
    expect(data._entities).toMatchObject([
      { __typename: 'User', id: 'u1', segment: 'WARM' },
      { __typename: 'Item', id: 'i9', attributes: { words: 9 } },
      null,
      { __typename: 'User', id: 'nobody', segment: 'COLD', recommendations: { nodes: [{ item: {} }] } },
    ]);
  });

  it('reads 50 users once and makes their lists in one batch', async () => {
    const world = await testGateway(DOCUMENTED_EVENTS);
    const reads = jest.spyOn(world.gateway.state.users, 'read');
    const batches = jest.spyOn(world.gateway, 'recommend');
    const of = Array.from({ length: 50 }, (_, at) => user(`u${at}`));
    const ask = (fields: string) =>
      `query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { ${fields} } } }`;

    const { data } = await answer(world, {
      compiled,
      query: ask('id segment profile { context { os } }'),
      variables: { of },
    });
    expect(data._entities).toHaveLength(50);
    // The operation runs three times.
    expect(reads.mock.calls.map(([ids]) => ids.length)).toEqual([50, 50, 50]);

    await answer(world, { compiled, query: ask('recommendations(first: 1) { segment }'), variables: { of } });
    expect(batches.mock.calls.map(([requests]) => requests.length)).toEqual([50, 50, 50]);
  });

  it.each([
    ['an unknown type', { __typename: 'Snapshot', id: '1' }, 'BAD_REFERENCE'],
    ['a type that every object has', { __typename: 'constructor', id: '1' }, 'BAD_REFERENCE'],
    ['no type', { id: 'i9' }, 'BAD_REFERENCE'],
    ['no id', { __typename: 'Item' }, 'BAD_REFERENCE'],
    ['an id that is a number', { __typename: 'Item', id: 9 }, 'BAD_REFERENCE'],
    ['text', 'Item', 'BAD_REFERENCE'],
    ['an empty id of a user', { __typename: 'User', id: '' }, 'BAD_ID'],
    ['an empty id of an item', { __typename: 'Item', id: '' }, 'BAD_ID'],
  ])('refuses %s alone', async (_case, wrong, code) => {
    const world = await testGateway(DOCUMENTED_EVENTS);
    const { data, errors } = await answer(world, { compiled, variables: { of: [item('i9'), wrong] } });
    expect(data._entities).toMatchObject([{ id: 'i9' }, null]);
    expect(errors).toMatchObject([{ path: ['_entities', 1], extensions: { code } }]);
  });

  it('tells a browser’s key of its own user only', async () => {
    const world = await testGateway(DOCUMENTED_EVENTS);
    world.caller = caller('test', ['client'], 'u1');
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { segment } ... on Item { id } } }`;
    const { data, errors } = await answer(world, {
      compiled,
      query,
      variables: { of: [user('u1'), user('u2'), item('i1')] },
    });
    expect(data._entities).toEqual([{ segment: 'WARM' }, null, { id: 'i1' }]);
    expect(errors).toMatchObject([{ path: ['_entities', 1, 'segment'], extensions: { code: 'NOT_YOUR_USER' } }]);
  });

  it('takes 1,000 references and no more', async () => {
    const world = await testGateway(DOCUMENTED_EVENTS);
    const of = Array.from({ length: 1_001 }, () => item('i9'));
    const good = await answer(world, { compiled, variables: { of: of.slice(1) } });
    expect(good.data._entities).toHaveLength(1_000);
    const { errors } = await answer(world, { compiled, variables: { of } });
    expect(errors).toMatchObject([
      {
        message: '1001 representations; _entities takes at most 1000',
        extensions: { code: 'TOO_MANY_IDS' },
      },
    ]);
  });
});
