/** What graphql-cop looks for, asked of a real server with NODE_ENV=production: none of it is there. */
import { type ServerProcess, startProcess, withFolder } from '../support/server.js';

let server: ServerProcess;
let end: () => void;
beforeAll(async () => {
  await new Promise<void>((started, failed) => {
    withFolder(async (folder) => {
      server = await startProcess(folder, { NODE_ENV: 'production', AUTH: 'off' });
      started();
      await new Promise<void>((resolve) => (end = resolve));
    }).catch(failed);
  });
});
afterAll(async () => {
  await server.kill('SIGTERM');
  end();
});

interface Reply {
  readonly status: number;
  readonly text: string;
  /** Codes of the errors; null where the answer has data. */
  readonly codes: readonly string[] | null;
}

async function request(path: string, options: RequestInit = {}): Promise<Reply> {
  const response = await fetch(`${server.url}${path}`, options);
  const text = await response.text();
  const told = (text.startsWith('{') ? JSON.parse(text) : {}) as {
    data?: unknown;
    errors?: { extensions: { code: string } }[];
  };
  const codes = told.data == null ? (told.errors ?? []).map(({ extensions }) => extensions.code) : null;
  return { status: response.status, text, codes };
}
const post = (body: unknown): Promise<Reply> =>
  request('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const ask = (query: string): Promise<Reply> => post({ query });
const search = (query: string): string => `/graphql?${new URLSearchParams({ query }).toString()}`;

it('answers an ordinary operation: what follows is refused for what it is', async () => {
  expect((await ask('{ __typename }')).codes).toBeNull();
});

it('1. refuses a hundred aliases', async () => {
  const aliases = Array.from({ length: 101 }, (_, at) => `alias${at}: __typename`).join(' ');
  expect((await ask(`query { ${aliases} }`)).codes).toEqual([expect.stringMatching(/^TOO_/)]);
});

it('2. refuses ten operations in one request', async () => {
  const { status, text } = await post(Array.from({ length: 10 }, () => ({ query: 'query { __typename }' })));
  expect(status).toBe(400);
  expect(text).not.toContain('"data"');
});

it('3. refuses ten directives on one field, without an error for each', async () => {
  const { codes, text } = await ask(`query { __typename ${'@aa'.repeat(10)} }`);
  expect(codes).not.toBeNull();
  expect((JSON.parse(text) as { errors: unknown[] }).errors.length).toBeLessThan(10);
});

it('4. refuses a circle through the schema', async () => {
  const circle = 'fields { type { '.repeat(4);
  const { codes } = await ask(`query { __schema { types { ${circle} name ${'} }'.repeat(4)} } } }`);
  expect(codes).not.toBeNull();
});

it('5. refuses a field five hundred times', async () => {
  expect((await ask(`query { ${'__typename '.repeat(500)} }`)).codes).toEqual([expect.stringMatching(/^TOO_/)]);
});

it('6. guesses no names', async () => {
  const { codes, text } = await ask('query { __schema { directive } itm(id: "a") { id } }');
  expect(codes).not.toBeNull();
  expect(text).not.toContain('Did you mean');
});

it('7. runs no mutation by GET', async () => {
  const { codes } = await request(search('mutation { __typename }'), { headers: { 'apollo-require-preflight': '1' } });
  expect(codes).toEqual(['BAD_REQUEST']);
});

it('8. answers no GET that a page of another origin could send', async () => {
  expect((await request(search('{ __typename }'))).codes).toEqual(['BAD_REQUEST']);
});

it('9. answers no POST that a form of another origin could send', async () => {
  const inAddress = await request(search('query { __typename }'), { method: 'POST' });
  const form = new URLSearchParams({ query: 'query { __typename }' });
  for (const { status, codes } of [inAddress, await request('/graphql', { method: 'POST', body: form })]) {
    expect(status).toBeGreaterThanOrEqual(400);
    expect(codes).not.toBeNull();
  }
});

it.each(['/graphiql', '/playground', '/console', '/graphql', '/'])('10. has no page to explore at %s', async (path) => {
  const { text } = await request(path, { headers: { accept: 'text/html' } });
  expect(text).not.toMatch(/graphiql\.min\.css|GraphQL Playground|GraphiQL|graphql-playground/);
});

it('11. tells nothing of the schema where introspection is off', async () => {
  await withFolder(async (folder) => {
    const strict = await startProcess(folder, { NODE_ENV: 'production', AUTH: 'off', INTROSPECTION: 'off' });
    const response = await fetch(`${strict.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: 'query { __schema { types { name fields { name } } } }' }),
    });
    expect(await response.text()).not.toContain('"data"');
    await strict.kill('SIGTERM');
  });
});

it('12. shows no trace, stack or exception', async () => {
  for (const query of ['query { __typename }', 'qwerty cop { abc }']) {
    const { text } = await ask(query);
    expect(text).not.toMatch(/stacktrace|"exception"|"tracing"|node_modules/i);
  }
});
