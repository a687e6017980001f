/** Every documented operation, and wrong ones, executed compiled and by graphql-js: the answers are the same to the byte. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileQuery } from 'graphql-jit';
import { DOCUMENTED_EVENTS, documentedVariables } from '../support/documented.js';
import { testGateway } from '../support/gateway.js';

/** Ids of lists are random: both runs draw the same. */
let drawn = 0;
jest.mock('node:crypto', () => ({
  ...jest.requireActual<typeof import('node:crypto')>('node:crypto'),
  randomUUID: () => `list-${drawn++}`,
}));
jest.mock('graphql-jit', () => {
  const actual = jest.requireActual<typeof import('graphql-jit')>('graphql-jit');
  return { ...actual, compileQuery: jest.fn(actual.compileQuery) };
});

const OPERATIONS = join(__dirname, '../operations');
const operation = (name: string): string => readFileSync(join(OPERATIONS, `${name}.graphql`), 'utf8');
const names = readdirSync(OPERATIONS).map((file) => file.replace('.graphql', ''));

const ALL_OF_A_LIST = `fragment All on RecommendationConnection {
  recommendationId segment context { device os country region referrer } snapshot { id } degradations { code }
  trace { totalMs logPosition stages { stage candidatesIn candidatesOut durationMs removed { filter count } } }
  edges { cursor node { item { id } rank } }
  nodes { rank score baseScore scores { popularity newest itemNeighbours userNeighbours als twoTower ranker blend }
    stages { stage score rank retrieved weight contribution } features { name value contribution }
    explanation { text reasons { kind weight scope text item { id } } } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
}`;

const FILTERED = 'query ($filter: ItemFilter) { popularItems(filter: $filter, first: 2) { nodes { rank } } }';
const DEFAULTED =
  'query ($filter: ItemFilter = { attributes: [{ name: "words", eq: 3 }] }) { popularItems(filter: $filter) { nodes { rank } } }';

/** A name, a document and its variables. */
const OTHERS: [string, string, object][] = [
  ['everything of a list', `{ user(id: "u1") { recommendations(first: 3) { ...All } } } ${ALL_OF_A_LIST}`, {}],
  ['a refused argument', '{ recommendations(first: 0) { segment } }', {}],
  ['a refusal below a good field', '{ user(id: "u1") { id history(first: 0) { nodes { id } } } }', {}],
  [
    'an unknown scenario in one of two',
    '{ a: popularItems { segment } b: recommendations(scenario: "x") { segment } }',
    {},
  ],
  [
    'a variable that does not fit',
    'query ($first: Int) { recommendations(first: $first) { segment } }',
    { first: 'x' },
  ],
  ['a variable that is missing', 'query ($id: ID!) { user(id: $id) { id } }', {}],
  [
    'an input object that does not fit',
    'mutation ($i: RecordInteractionsInput!) { recordInteractions(input: $i) { accepted } }',
    { i: { interactions: [{}] } },
  ],
  [
    'an enum value that is none',
    'query ($n: StageName!) { user(id: "u1") { stage(name: $n) { rank } } }',
    { n: 'NONE' },
  ],
  ['an item that is unknown', '{ item(id: "none") { id } items(ids: ["i1", "none"]) { id } }', {}],
  [
    'skipped and included fields',
    'query ($yes: Boolean!) { user(id: "u1") { id @include(if: $yes) segment @skip(if: $yes) } }',
    { yes: true },
  ],
  [
    'an alias, a type name and a fragment',
    '{ me: user(id: "u1") { __typename ...F } } fragment F on User { segment id }',
    {},
  ],
  ['a filter that contains itself', FILTERED, { filter: { not: { attributes: [{ name: 'words', gte: 100 }] } } }],
  ['a filter that does not fit', FILTERED, { filter: { not: { attributes: [{ name: 7 }], more: 1 } } }],
  ['a filter with a default', DEFAULTED, {}],
  [
    'a list of filters',
    'query ($all: [ItemFilter!]) { popularItems(filter: { and: $all }, first: 2) { nodes { rank } } }',
    { all: [{ attributes: [{ name: 'words', gte: 100 }] }] },
  ],
  [
    'a filter beside the schema',
    'query ($filter: ItemFilter) { popularItems(filter: $filter, first: 1) { segment } __schema { types { name } } }',
    {},
  ],
  ['the schema', '{ __schema { queryType { name } } __type(name: "User") { fields { name } } }', {}],
  ['several operations', 'query A { user(id: "u1") { id } } query B { user(id: "u2") { id } }', {}],
];

async function answers(compiled: boolean, documents: readonly [string, string, object][]): Promise<string[]> {
  const { execute } = await testGateway(DOCUMENTED_EVENTS, { compiled });
  drawn = 0;
  const texts: string[] = [];
  for (const [, document, variables] of documents) texts.push(JSON.stringify(await execute(document, variables)));
  return texts;
}

const DOCUMENTED = names.map((name): [string, string, object] => [name, operation(name), documentedVariables(name)]);

it.each([...DOCUMENTED, ...OTHERS])('%s answers the same bytes on both paths', async (...document) => {
  // It is compiled at the second time, and taken from where it is kept at the third.
  const documents = [document, document, document];
  const [compiled, interpreted] = [await answers(true, documents), await answers(false, documents)];
  expect(compiled).toEqual(interpreted);
});

it('compiles each document once, when it comes again', async () => {
  const compile = jest.mocked(compileQuery);
  const { execute } = await testGateway(DOCUMENTED_EVENTS);
  compile.mockClear();
  for (let run = 0; run < 3; run++) {
    expect(compile).toHaveBeenCalledTimes(run === 2 ? 2 : 0);
    await execute('{ user(id: "u1") { id } }');
    await execute(FILTERED, { filter: { not: { attributes: [{ name: 'words', gte: 100 }] } } });
  }
  expect(compile).toHaveBeenCalledTimes(2);
});

it('hides the types that stand in for input types which contain themselves', async () => {
  const { execute } = await testGateway(DOCUMENTED_EVENTS);
  for (let run = 0; run < 2; run++) await execute(FILTERED, {});
  const { data } = await execute(
    `query ($filter: ItemFilter) { popularItems(filter: $filter) { segment } __schema { types { name } } }`,
  );
  expect(data.__schema.types.map(({ name }: { name: string }) => name)).not.toContain('ItemFilterAsVariable');
});
