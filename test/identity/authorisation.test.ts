/**
 * Every field of the schema with every role, and what belongs to a user with every role and both a caller's own user and another:
 * what can be had by any way through the schema is written down in golden/authorisation.txt.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  getNamedType,
  type GraphQLField,
  isObjectType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isCompositeType,
  isRequiredArgument,
} from 'graphql';
import { buildSubgraph } from '../../resolvers/federation/subgraph.js';
import { buildGraphQLSchema } from '../../resolvers/index.js';
import { AUTHORISATION } from '../../src/identity/authorisation.js';
import { caller, LOCAL_CALLER, type Role, ROLES } from '../../src/identity/caller.js';
import { DOCUMENTED_EVENTS } from '../support/documented.js';
import { testGateway, type TestGateway } from '../support/gateway.js';

const ARGUMENTS: Readonly<Record<string, string>> = {
  'Query.user': '(id: "u1")',
  'Query.users': '(ids: ["u1"])',
  'Query.item': '(id: "i1")',
  'Query.items': '(ids: ["i1"])',
  'Mutation.recordInteractions': '(input: { interactions: [{ userId: "u1", itemId: "i1" }] })',
  'Mutation.upsertItems': '(input: { items: [{ id: "i1" }] })',
  'Mutation.upsertUserProfiles': '(input: { profiles: [{ userId: "u1" }] })',
  'Mutation.mergeUsers': '(input: { fromUserId: "nobody", intoUserId: "u1" })',
  'Mutation.forgetUser': '(input: { userId: "nobody" })',
  'User.stage': '(name: POPULARITY)',
  'Query._entities': '(representations: [{ __typename: "User", id: "u1" }])',
};

interface Step {
  readonly parent: string;
  readonly field: GraphQLField<unknown, unknown>;
}

/** The shortest way from the root field to each object type below it. */
function waysFrom(root: Step): Map<GraphQLObjectType, readonly Step[]> {
  const ways = new Map<GraphQLObjectType, readonly Step[]>();
  let edge: readonly (readonly Step[])[] = [[root]];
  while (edge.length > 0) {
    const next: (readonly Step[])[] = [];
    for (const way of edge) {
      const type = getNamedType(way.at(-1)!.field.type);
      if (!isObjectType(type) || ways.has(type)) continue;
      ways.set(type, way);
      for (const field of Object.values(type.getFields())) next.push([...way, { parent: type.name, field }]);
    }
    edge = next;
  }
  return ways;
}

function documentOf(kind: string, way: readonly Step[]): string {
  const open = way.map(({ parent, field }) => {
    const name = `${parent}.${field.name}`;
    if (ARGUMENTS[name] === undefined && field.args.some(isRequiredArgument))
      throw new Error(`no arguments for ${name}`);
    return `${field.name}${ARGUMENTS[name] ?? ''}`;
  });
  const last = getNamedType(way.at(-1)!.field.type);
  return `${kind} { ${open.join(' { ')}${isCompositeType(last) ? ' { __typename }' : ''}${' }'.repeat(open.length)}`;
}

/** Documents that select the field, one a root field that it can be reached from. */
function documentsOf(schema: GraphQLSchema): Map<string, string[]> {
  const documents = new Map<string, string[]>();
  const add = (field: string, document: string): void => {
    documents.set(field, [...(documents.get(field) ?? []), document]);
  };
  for (const [kind, root] of [
    ['query', schema.getQueryType()!],
    ['mutation', schema.getMutationType()!],
  ] as const) {
    for (const field of Object.values(root.getFields())) {
      const step = { parent: root.name, field };
      add(`${root.name}.${field.name}`, documentOf(kind, [step]));
      for (const [type, way] of waysFrom(step)) {
        for (const below of Object.values(type.getFields())) {
          add(`${type.name}.${below.name}`, documentOf(kind, [...way, { parent: type.name, field: below }]));
        }
      }
    }
  }
  return documents;
}

async function codesOf(test: TestGateway, document: string): Promise<string[]> {
  const { errors } = await test.execute(document);
  const codes = errors?.map(({ extensions }) => extensions.code) ?? [];
  expect(codes.filter((code) => code !== 'FORBIDDEN' && code !== 'NOT_YOUR_USER')).toEqual([]);
  return codes;
}

const schema = buildGraphQLSchema();
const DOCUMENTS = new Map([
  ...documentsOf(schema),
  ['Query.__schema', ['{ __schema { queryType { name } } }']],
  ['Query.__type', ['{ __type(name: "User") { name } }']],
]);

describe('the table of what may be selected', () => {
  it('names only fields of the schema', () => {
    const subgraph = documentsOf(buildSubgraph());
    const unknown = Object.keys(AUTHORISATION).filter(
      (field) => !DOCUMENTS.has(field) && !subgraph.has(field) && !field.startsWith('Subscription.'),
    );
    expect(unknown).toEqual([]);
  });

  it('names every field of Query, Mutation and Subscription', () => {
    const subgraph = buildSubgraph();
    for (const root of [
      subgraph.getQueryType()!,
      schema.getQueryType()!,
      schema.getMutationType()!,
      schema.getSubscriptionType()!,
    ]) {
      for (const name of Object.keys(root.getFields())) expect(AUTHORISATION).toHaveProperty([`${root.name}.${name}`]);
    }
  });

  it('gives every role, by whatever way, exactly what is written down', async () => {
    const test = await testGateway(DOCUMENTED_EVENTS);
    const mark = async (role: Role, documents: readonly string[]): Promise<string> => {
      test.caller = caller('test', [role], 'u1');
      for (const document of documents) if ((await codesOf(test, document)).length === 0) return role;
      return '-';
    };
    const lines: string[] = [];
    for (const [field, documents] of [...DOCUMENTS].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const marks: string[] = [];
      for (const role of ROLES) marks.push((await mark(role, documents)).padEnd(7));
      lines.push(`${field.padEnd(46)}${marks.join('')}`.trimEnd());
    }
    // What belongs to a user, for the user's own caller, another's and nobody's.
    const ofUser = Object.values((schema.getType('User') as GraphQLObjectType).getFields());
    for (const field of ofUser) {
      for (const [whose, userId] of [
        ['another', 'u2'],
        ['nobody', null],
      ] as const) {
        const marks: string[] = [];
        for (const role of ROLES) {
          test.caller = caller('test', [role], userId);
          const user = schema.getQueryType()!.getFields()['user']!;
          const document = documentOf('query', [
            { parent: 'Query', field: user },
            { parent: 'User', field },
          ]);
          marks.push(((await codesOf(test, document)).length === 0 ? role : '-').padEnd(7));
        }
        lines.push(`${`User.${field.name}, asked by ${whose}`.padEnd(46)}${marks.join('')}`.trimEnd());
      }
    }
    expect(lines).toEqual(readFileSync(join(__dirname, '../golden/authorisation.txt'), 'utf8').trimEnd().split('\n'));
  });
});

const OTHERS: [string, string, object][] = [
  ['by a literal', '{ user(id: "u2") { segment } }', {}],
  ['by a variable', 'query ($id: ID!) { user(id: $id) { recommendations(first: 1) { segment } } }', { id: 'u2' }],
  ['under an alias', '{ mine: user(id: "u2") { history(first: 1) { nodes { id } } } }', {}],
  ['in a fragment', '{ user(id: "u2") { ...F } } fragment F on User { profile { updatedAt } }', {}],
  ['among several', '{ users(ids: ["u1", "u2"]) { segment } }', {}],
  ['as an argument of a list', '{ recommendations(userId: "u2", first: 1) { segment } }', {}],
  ['by somebody else’s session', '{ recommendations(sessionId: "s2", first: 1) { segment } }', {}],
  [
    'by an own list in somebody else’s session',
    '{ viewer { recommendations(sessionId: "s2", first: 1) { segment } } }',
    {},
  ],
];

describe('a caller who speaks for a user', () => {
  it.each(OTHERS)('reads nothing of another, asked for %s', async (_name, query, variables) => {
    const test = await testGateway(DOCUMENTED_EVENTS);
    test.caller = caller('test', ['client'], 'u1');
    const { errors } = await test.execute(query, variables);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['NOT_YOUR_USER']);
  });

  it('pages through no list of another by its cursor', async () => {
    const test = await testGateway(DOCUMENTED_EVENTS);
    const { data } = await test.execute('{ recommendations(userId: "u2", first: 1) { pageInfo { endCursor } } }');
    test.caller = caller('test', ['client'], 'u1');
    const after = data.recommendations.pageInfo.endCursor as string;
    for (const whose of ['userId: "u2", ', 'userId: "u1", ', '']) {
      const { errors } = await test.execute(`{ recommendations(${whose}first: 1, after: "${after}") { segment } }`);
      expect(['NOT_YOUR_USER', 'BAD_CURSOR']).toContain(errors![0]!.extensions.code);
    }
  });

  it('records for itself only, and the entries of others are listed', async () => {
    const test = await testGateway(DOCUMENTED_EVENTS);
    test.caller = caller('test', ['client'], 'u1');
    const entries = '{ userId: "u1", itemId: "i3" }, { userId: "u2", itemId: "i3" }';
    const { data } = await test.execute(
      `mutation { recordInteractions(input: { interactions: [${entries}] }) { accepted rejected { index code } users { id } } }`,
    );
    expect(data.recordInteractions).toEqual({
      accepted: 1,
      rejected: [{ index: 1, code: 'NOT_YOUR_USER' }],
      users: [{ id: 'u1' }],
    });
  });

  it('says nothing that would count for everybody: no new item, no weight, no click in the session of another', async () => {
    const test = await testGateway(DOCUMENTED_EVENTS);
    test.caller = caller('test', ['client'], 'u1');
    const entries = [
      '{ userId: "u1", itemId: "made-up" }',
      '{ userId: "u1", itemId: "i3", weight: 1000 }',
      '{ userId: "u1", itemId: "i3", sessionId: "s2" }',
      '{ userId: "u1", itemId: "i3", weight: 0.5, sessionId: "s1" }',
    ];
    const mutation = `mutation { recordInteractions(input: { interactions: [${entries.join(', ')}] }) { accepted rejected { index code } } }`;
    expect((await test.execute(mutation)).data.recordInteractions).toEqual({
      accepted: 1,
      rejected: [
        { index: 0, code: 'UNKNOWN_ITEM' },
        { index: 1, code: 'BAD_WEIGHT' },
        { index: 2, code: 'NOT_YOUR_USER' },
      ],
    });
    test.caller = caller('test', ['server'], null);
    expect((await test.execute(mutation)).data.recordInteractions).toEqual({ accepted: 4, rejected: [] });
  });

  it('may use a session that nobody else clicked under', async () => {
    const test = await testGateway(DOCUMENTED_EVENTS);
    test.caller = caller('test', ['client'], 'u1');
    for (const session of ['s1', 'new']) {
      const { errors } = await test.execute(`{ recommendations(sessionId: "${session}", first: 1) { segment } }`);
      expect(errors).toBeUndefined();
    }
  });

  it('is its own viewer; a caller who speaks for nobody has none', async () => {
    const test = await testGateway(DOCUMENTED_EVENTS);
    expect((await test.execute('{ viewer { id } }')).data).toEqual({ viewer: null });
    test.caller = caller('test', ['client'], 'u1');
    expect((await test.execute('{ viewer { id segment } }')).data).toEqual({ viewer: { id: 'u1', segment: 'WARM' } });
  });
});

it('refuses by operation, not by document, and says what is missing', async () => {
  const test = await testGateway(DOCUMENTED_EVENTS);
  test.caller = caller('test', ['client'], 'u1');
  const both =
    'query Mine { viewer { id } } query Theirs { viewer { stage(name: ALS) { rank } } snapshot { metrics } }';
  expect((await test.execute(both, {}, 'Mine')).errors).toBeUndefined();
  expect((await test.execute(both, {}, 'Theirs')).errors).toEqual([
    {
      message: 'User.stage needs the role debug or admin; Snapshot.metrics needs the role debug or admin',
      extensions: { code: 'FORBIDDEN' },
    },
  ]);
  test.caller = LOCAL_CALLER;
  expect((await test.execute(both, {}, 'Theirs')).errors).toBeUndefined();
});
