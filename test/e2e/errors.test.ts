/** Wrong requests over HTTP and wrong files to import: each gets its code, changes nothing, and none is a 500. */
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Answer, ask, MAIN, send, type ServerProcess, startProcess, withFolder } from '../support/server.js';

const RECORD =
  'mutation ($input: RecordInteractionsInput!) { recordInteractions(input: $input) { accepted rejected { code } } }';
const ITEMS = 'mutation ($input: UpsertItemsInput!) { upsertItems(input: $input) { accepted rejected { code } } }';
const PROFILES =
  'mutation ($input: UpsertUserProfilesInput!) { upsertUserProfiles(input: $input) { accepted rejected { code } } }';
const LIST =
  'query ($first: Int, $after: String, $filter: ItemFilter, $scenario: String, $context: ContextInput) { recommendations(first: $first, after: $after, filter: $filter, scenario: $scenario, context: $context) { nodes { rank } } }';
const many = (count: number): string[] => Array.from({ length: count }, (_, at) => `id-${at}`);
const interaction = (rest: object): object => ({ input: { interactions: [{ userId: 'u', itemId: 'i', ...rest }] } });
const item = (rest: object): object => ({ input: { items: [{ id: 'i', ...rest }] } });
const cursor = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const nested = (depth: number): object => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as object;
const deep = (depth: number): object => (depth === 0 ? {} : { not: deep(depth - 1) });

/** What is sent, and the code in `errors`. */
const REFUSED: [string, string, object, string][] = [
  ['first: 0', LIST, { first: 0 }, 'FIRST_OUT_OF_RANGE'],
  ['first: 101', LIST, { first: 101 }, 'FIRST_OUT_OF_RANGE'],
  ['first: -1', LIST, { first: -1 }, 'FIRST_OUT_OF_RANGE'],
  ['first as text', LIST, { first: 'ten' }, 'BAD_USER_INPUT'],
  ['a cursor that is no cursor', LIST, { after: '!!!' }, 'BAD_CURSOR'],
  ['a cursor of another shape', LIST, { after: cursor({ rank: 1 }) }, 'BAD_CURSOR'],
  ['a cursor of a negative rank', LIST, { after: cursor(['x', -1]) }, 'BAD_CURSOR'],
  ['a cursor of a list that is gone', LIST, { after: cursor(['no-such-list', 10]) }, 'SLATE_EXPIRED'],
  ['an unknown scenario', LIST, { scenario: 'magic' }, 'UNKNOWN_SCENARIO'],
  ['an unknown item to exclude', LIST, { filter: { excludeItems: ['nowhere'] } }, 'UNKNOWN_ITEM'],
  ['an unknown attribute', LIST, { filter: { attributes: [{ name: 'colour', eq: 'red' }] } }, 'UNKNOWN_ATTRIBUTE'],
  ['a value of another type', LIST, { filter: { attributes: [{ name: 'words', eq: 'many' }] } }, 'WRONG_TYPE'],
  ['a condition without a comparison', LIST, { filter: { attributes: [{ name: 'words' }] } }, 'BAD_FILTER'],
  [
    'two comparisons in one condition',
    LIST,
    { filter: { attributes: [{ name: 'words', eq: 1, lte: 2 }] } },
    'BAD_FILTER',
  ],
  ['a filter nested too deep', LIST, { filter: deep(12) }, 'BAD_FILTER'],
  ['an object to compare with', LIST, { filter: { attributes: [{ name: 'words', eq: {} }] } }, 'BAD_USER_INPUT'],
  ['a context value that is too long', LIST, { context: { region: 'r'.repeat(65) } }, 'BAD_CONTEXT'],
  ['an empty user id', '{ user(id: "") { id } }', {}, 'BAD_ID'],
  ['a user id that is too long', `{ user(id: "${'u'.repeat(257)}") { id } }`, {}, 'BAD_ID'],
  ['a user id with control characters', '{ user(id: "a\\u0000b") { id } }', {}, 'BAD_ID'],
  ['101 users', 'query ($ids: [ID!]!) { users(ids: $ids) { id } }', { ids: many(101) }, 'TOO_MANY_IDS'],
  ['1,001 items', 'query ($ids: [ID!]!) { items(ids: $ids) { id } }', { ids: many(1_001) }, 'TOO_MANY_IDS'],
  [
    'a history cursor that is no cursor',
    '{ user(id: "u") { history(after: "x") { nodes { id } } } }',
    {},
    'BAD_CURSOR',
  ],
  [
    'a history cursor of somebody else',
    `{ user(id: "u") { history(after: "${cursor(['history', 999])}") { nodes { id } } } }`,
    {},
    'BAD_CURSOR',
  ],
  ['an unknown stage', '{ user(id: "u") { stage(name: MAGIC) { rank } } }', {}, 'GRAPHQL_VALIDATION_FAILED'],
  ['an unknown field', '{ user(id: "u") { nickname } }', {}, 'GRAPHQL_VALIDATION_FAILED'],
  ['a missing argument', '{ user { id } }', {}, 'GRAPHQL_VALIDATION_FAILED'],
  ['a document that is no GraphQL', '{ user(id: ', {}, 'GRAPHQL_PARSE_FAILED'],
  [
    'two operations and no name',
    'query A { snapshot { id } } query B { snapshot { id } }',
    {},
    'OPERATION_RESOLUTION_FAILURE',
  ],
  ['a missing variable', RECORD, {}, 'BAD_USER_INPUT'],
  [
    'a merge of a user into itself',
    'mutation { mergeUsers(input: { fromUserId: "u", intoUserId: "u" }) { logPosition } }',
    {},
    'SAME_USER',
  ],
  ['an erasure of nobody', 'mutation { forgetUser(input: { userId: " " }) { userId } }', {}, 'BAD_ID'],
  [
    '1,001 interactions',
    RECORD,
    { input: { interactions: many(1_001).map((userId) => ({ userId, itemId: 'i' })) } },
    'TOO_MANY_ENTRIES',
  ],
  ['1,001 items to upsert', ITEMS, { input: { items: many(1_001).map((id) => ({ id })) } }, 'TOO_MANY_ENTRIES'],
];

/** What is sent, and the code of the one entry rejected. */
const REJECTED: [string, string, object, string][] = [
  ['a time that is none', RECORD, interaction({ at: 'yesterday' }), 'BAD_TIME'],
  ['a time that is a number', RECORD, interaction({ at: 1_700_000_000 }), 'BAD_TIME'],
  ['a time in the future', RECORD, interaction({ at: '2999-01-01T00:00:00Z' }), 'BAD_TIME'],
  ['a time before 1970', RECORD, interaction({ at: '1969-12-31T23:59:59Z' }), 'BAD_TIME'],
  ['a weight of 0', RECORD, interaction({ weight: 0 }), 'BAD_WEIGHT'],
  ['a weight of 1,001', RECORD, interaction({ weight: 1_001 }), 'BAD_WEIGHT'],
  ['a rank of 0', RECORD, interaction({ rank: 0 }), 'BAD_RANK'],
  ['an empty item id', RECORD, interaction({ itemId: '' }), 'BAD_ID'],
  ['an id with control characters', RECORD, interaction({ id: 'a\nb' }), 'BAD_ID'],
  ['a time that is in no calendar', RECORD, interaction({ at: '2026-02-30T00:00:00Z' }), 'BAD_TIME'],
  ['a day that is in no calendar', RECORD, interaction({ at: '2026-02-29' }), 'BAD_TIME'],
  ['a user id that is half a surrogate pair', RECORD, interaction({ userId: 'x\ud800y' }), 'BAD_ID'],
  ['an item id that is half a surrogate pair', ITEMS, { input: { items: [{ id: '\udc00' }] } }, 'BAD_ID'],
  ['a context value that is half a surrogate pair', RECORD, interaction({ context: { os: '\ud800' } }), 'BAD_CONTEXT'],
  ['an attribute text that is half a surrogate pair', ITEMS, item({ attributes: { t: ['\ud800'] } }), 'BAD_ATTRIBUTE'],
  ['attributes nested without end', ITEMS, item({ attributes: { deep: nested(1_000) } }), 'BAD_ATTRIBUTE'],
  ['an empty context value', RECORD, interaction({ context: { device: '' } }), 'BAD_CONTEXT'],
  ['an attribute of another type', ITEMS, item({ attributes: { words: 'many' } }), 'WRONG_TYPE'],
  ['an attribute name with a space', ITEMS, item({ attributes: { 'two words': 1 } }), 'BAD_ATTRIBUTE'],
  ['an attribute name that every object has', ITEMS, item({ attributes: { constructor: 1 } }), 'BAD_ATTRIBUTE'],
  ['attributes that are too large', ITEMS, item({ attributes: { text: 'x'.repeat(70_000) } }), 'BAD_ATTRIBUTE'],
  ['a publication that is no time', ITEMS, item({ publishedAt: 'soon' }), 'BAD_TIME'],
  ['a profile of nobody', PROFILES, { input: { profiles: [{ userId: '' }] } }, 'BAD_ID'],
];

/** What is posted as it is, the status and the code. */
const BODIES: [string, string, Record<string, string>, number, string][] = [
  ['a body that is no JSON', '{"query": ', {}, 400, 'BAD_JSON'],
  ['a body that is a list', '[]', {}, 400, 'BAD_REQUEST'],
  ['a body without a query', '{}', {}, 400, 'BAD_REQUEST'],
  ['variables that are a list', '{"query":"{ snapshot { id } }","variables":[]}', {}, 400, 'BAD_REQUEST'],
  ['a body of 3 MB', JSON.stringify({ query: `# ${'x'.repeat(3_000_000)}` }), {}, 413, 'BODY_TOO_LARGE'],
  ['a form', 'query=1', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
  [
    'plain text, which any page may send',
    '{"query":"{ snapshot { id } }"}',
    { 'content-type': 'text/plain' },
    400,
    'BAD_REQUEST',
  ],
];

/** Content of a file, what the command line says beside it, and the code on stderr. */
const FILES: [string, string | null, string[], string][] = [
  ['a file that is not there', null, ['csv'], 'FILE_NOT_FOUND'],
  ['an unknown format', 'user,item,time\n', ['xml'], 'UNKNOWN_FORMAT'],
  ['an unknown kind', 'user,item,time\n', ['csv', '--kind', 'orders'], 'UNKNOWN_KIND'],
  ['a missing column', 'user,time\nu,2026-01-01\n', ['csv'], 'UNKNOWN_COLUMN'],
  [
    'a mapped column that is not there',
    'user,item,time\nu,i,2026-01-01\n',
    ['csv', '--item', 'article'],
    'UNKNOWN_COLUMN',
  ],
  ['text that is called Parquet', 'user,item,time\n', ['parquet'], 'UNREADABLE_FILE'],
  [
    'a bad row where none is allowed',
    'user,item,time\nu,i,2026-01-01\nu,,2026-01-01\n',
    ['csv', '--strict'],
    'BAD_ROW',
  ],
];

let server: ServerProcess;
let done: () => void;
let folderOf: Promise<string>;

beforeAll(async () => {
  folderOf = new Promise((opened) => {
    void withFolder((folder) => {
      opened(folder);
      return new Promise<void>((resolve) => (done = resolve));
    });
  });
  server = await startProcess(join(await folderOf, 'data'));
  await ask(server.url, ITEMS, { input: { items: [{ id: 'known', attributes: { words: 100 } }] } });
});

afterAll(async () => {
  await server.kill('SIGTERM');
  done();
});

async function position(): Promise<number> {
  return ((await (await fetch(`${server.url}/readyz`)).json()) as { position: number }).position;
}

async function unchanged(run: () => Promise<Answer>): Promise<Answer> {
  const before = await position();
  const answer = await run();
  expect(await position()).toBe(before);
  expect(answer.status).toBeLessThan(500);
  return answer;
}

describe('a wrong request', () => {
  it.each(REFUSED)('with %s is refused by its code', async (_name, query, variables, code) => {
    const { errors } = await unchanged(() => ask(server.url, query, variables));
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual([code]);
    expect(errors![0]!.message).not.toBe('');
  });

  it.each(REJECTED)('with %s has that entry listed', async (_name, query, variables, code) => {
    const { data, errors } = await unchanged(() => ask(server.url, query, variables));
    expect(errors).toBeUndefined();
    expect(Object.values(data!)).toEqual([{ accepted: 0, rejected: [{ code }] }]);
  });

  it.each(BODIES)('that is %s is refused by status and code', async (_name, body, headers, status, code) => {
    const answer = await unchanged(() => send(`${server.url}/graphql`, body, headers));
    expect({ status: answer.status, codes: answer.errors?.map(({ extensions }) => extensions.code) }).toEqual({
      status,
      codes: [code],
    });
  });

  it('at another address is told where GraphQL is', async () => {
    const answer = await unchanged(() => send(`${server.url}/api`, '{}'));
    expect(answer).toMatchObject({ status: 404, errors: [{ extensions: { code: 'NOT_FOUND' } }] });
  });

  it('by GET that would change something is refused', async () => {
    const before = await position();
    const query = encodeURIComponent('mutation { forgetUser(input: { userId: "u" }) { userId } }');
    const response = await fetch(`${server.url}/graphql?query=${query}`, {
      headers: { 'apollo-require-preflight': '1' },
    });
    expect(response.status).toBe(405);
    expect(await position()).toBe(before);
  });
});

describe('a wrong address', () => {
  it.each([
    ['a port that is taken', () => ['--port', new URL(server.url).port], 'EADDRINUSE'],
    ['an address of another machine', () => ['--port', '0', '--host', '203.0.113.1'], 'EADDRNOTAVAIL'],
  ])('such as %s stops the start and names the settings', async (_name, args, code) => {
    const data = join(await folderOf, `address-${code}`);
    const run = spawnSync(process.execPath, [MAIN, 'serve', '--data', data, ...args()], {
      encoding: 'utf8',
      env: { ...process.env, AUTH: 'off' },
    });
    expect(run.stderr).toMatch(new RegExp(`^BAD_SETTING: HOST=".*", PORT=".*": .* \\(${code}\\)$`, 'm'));
    expect(run.status).toBe(1);
  });
});

describe('a wrong import', () => {
  it.each(FILES)('of %s says its code and adds nothing', async (_name, content, args, code) => {
    const folder = await folderOf;
    const file = join(folder, 'rows.txt');
    const data = join(folder, `import-${code}`);
    if (content !== null) await writeFile(file, content);
    const path = content === null ? join(folder, 'nowhere.csv') : file;
    const run = spawnSync(process.execPath, [MAIN, 'import', ...args, '--file', path, '--data', data], {
      encoding: 'utf8',
    });
    expect(run.stderr).toMatch(new RegExp(`^${code}: `));
    expect(run.status).toBe(1);
    const state = spawnSync(process.execPath, [MAIN, 'state', '--data', data], { encoding: 'utf8' });
    expect(state.status === 0 ? state.stdout : 'position 0\n').toMatch(/^position 0$/m);
  });
});
