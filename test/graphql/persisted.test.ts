/** Operations by hash and trusted documents, against real servers. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readerOf, TRANSPORTS } from '../support/subscribers.js';
import { type Answer, type LogLine, send, type ServerProcess, startProcess, withFolder } from '../support/server.js';

const TRUSTED = 'query Popular($first: Int) { popularItems(first: $first) { segment } }';
const OTHER = '{ popularItems(first: 1) { segment } }';
const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const byHash = (sha256Hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });
const post = (url: string, body: object): Promise<Answer> => send(`${url}/graphql`, JSON.stringify(body));
const codeOf = ({ errors }: Answer): string | undefined => errors?.[0]?.extensions.code;

async function withServer(
  environment: Record<string, string>,
  manifest: object | null,
  run: (server: ServerProcess, file: string, lines: LogLine[]) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const file = join(folder, 'manifest.json');
    if (manifest !== null) await writeFile(file, JSON.stringify(manifest));
    const lines: LogLine[] = [];
    const server = await startProcess(
      join(folder, 'data'),
      { ...environment, ...(manifest !== null && { PERSISTED_MANIFEST: file }) },
      { onLine: (line) => lines.push(line) },
    );
    await run(server, file, lines);
    expect(await server.kill('SIGTERM')).toBe(0);
  });
}

it('with off, a hash is refused', async () => {
  await withServer({ PERSISTED: 'off' }, null, async ({ url }) => {
    expect(codeOf(await post(url, byHash(hash(OTHER))))).toBe('PERSISTED_QUERY_NOT_SUPPORTED');
    expect((await post(url, { query: OTHER })).errors).toBeUndefined();
  });
});

it('with apq, a document is asked for once and then served by its hash, by GET and as documentId too', async () => {
  await withServer({}, null, async ({ url }) => {
    expect(codeOf(await post(url, byHash(hash(OTHER))))).toBe('PERSISTED_QUERY_NOT_FOUND');
    const { data } = await post(url, { query: OTHER, ...byHash(hash(OTHER)) });
    expect(data).toEqual({ popularItems: { segment: 'COLD' } });
    expect((await post(url, byHash(hash(OTHER)))).data).toEqual(data);
    expect((await post(url, { documentId: `sha256:${hash(OTHER)}` })).data).toEqual(data);
    for (const accept of ['application/json', 'application/json;q=0.9, */*;q=0.1']) {
      const headers = { 'apollo-require-preflight': '1', accept };
      const response = await fetch(`${url}/graphql?documentId=sha256:${hash(OTHER)}`, { headers });
      expect(await response.json()).toEqual({ data });
    }
  });
});

it('with apq, a document under the hash of another is refused and not registered', async () => {
  await withServer({}, null, async ({ url }) => {
    const wrong = await post(url, { query: OTHER, ...byHash(hash(TRUSTED)) });
    expect(wrong).toMatchObject({ status: 200, errors: [{ message: 'provided sha does not match query' }] });
    expect(codeOf(await post(url, byHash(hash(TRUSTED))))).toBe('PERSISTED_QUERY_NOT_FOUND');
  });
});

it('with apq, the hashes of a manifest are served without registration', async () => {
  await withServer({}, { 'any-hash': TRUSTED }, async ({ url }) => {
    expect((await post(url, byHash('any-hash'))).data).toEqual({ popularItems: { segment: 'COLD' } });
  });
});

it('with only, trusted documents are served by hash or text and all others refused before they are parsed', async () => {
  await withServer({ PERSISTED: 'only' }, { '1f': TRUSTED }, async ({ url }) => {
    const data = { popularItems: { segment: 'COLD' } };
    expect((await post(url, byHash('1f'))).data).toEqual(data);
    expect((await post(url, { documentId: 'sha1:1f', variables: { first: 2 } })).data).toEqual(data);
    expect((await post(url, { query: TRUSTED })).data).toEqual(data);
    for (const refused of [{ query: OTHER }, { query: 'not GraphQL' }, { query: OTHER, ...byHash('1f') }]) {
      expect(await post(url, { ...refused, operationName: 'X' })).toMatchObject({
        status: 400,
        errors: [
          {
            message: 'only documents of the server’s manifest are executed',
            extensions: { code: 'PERSISTED_QUERY_REQUIRED' },
          },
        ],
      });
    }
    expect(await post(url, byHash(hash(OTHER)))).toMatchObject({
      status: 400,
      errors: [
        {
          message: 'no document of the server’s manifest has this hash',
          extensions: { code: 'PERSISTED_QUERY_REQUIRED' },
        },
      ],
    });
  });
});

it('with only, a subscription that is not trusted is refused as a query is, wherever it comes', async () => {
  const subscription = 'subscription { recommendationsUpdated(userId: "u") { segment } }';
  await withServer({ PERSISTED: 'only' }, { a: TRUSTED }, async ({ url }) => {
    expect(codeOf(await post(url, { query: subscription }))).toBe('PERSISTED_QUERY_REQUIRED');
    for (const transport of TRANSPORTS) {
      const reader = readerOf(transport, url, subscription);
      expect([transport, await reader.ended]).toEqual([transport, 'PERSISTED_QUERY_REQUIRED']);
    }
  });
});

it('tells which documents of a manifest are beyond the limits that others are held to, and serves them', async () => {
  const deep = 'query Deep { popularItems(first: 1) { nodes { item { similar { nodes { rank } } } } } }';
  const limits = { MAX_DEPTH: '5', MAX_TOKENS: '15', MAX_ALIASES: '0' };
  const told = 'a trusted document is beyond a limit that all others are held to';
  await withServer(limits, { a: TRUSTED, b: deep, c: '{ x: __typename }' }, async ({ url, process }, file, lines) => {
    const warnings = (): object[] =>
      lines
        .filter(({ level, msg }) => level === 40 && msg === told)
        .map(({ operation, document, code }) => ({ operation, document, code }));
    const ofDeep = ['TOO_DEEP', 'TOO_MANY_TOKENS'].map((code) => ({ operation: 'Deep', document: 'b', code }));
    const all = [
      { operation: 'Popular', document: 'a', code: 'TOO_MANY_TOKENS' },
      ...ofDeep,
      { operation: null, document: 'c', code: 'TOO_MANY_ALIASES' },
    ];
    expect(warnings()).toEqual(all);
    expect((await post(url, byHash('b'))).errors).toBeUndefined();
    await writeFile(file, JSON.stringify({ b: deep }));
    process.kill('SIGHUP');
    while (warnings().length < all.length + ofDeep.length) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(warnings()).toEqual([...all, ...ofDeep]);
  });
});

it('a manifest that has changed is read again; a bad one leaves the one before in use', async () => {
  await withServer({ PERSISTED: 'only' }, { a: TRUSTED }, async ({ url, process }, file, lines) => {
    const said = async (message: string): Promise<void> => {
      while (!lines.some(({ msg }) => msg === message)) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    await writeFile(file, JSON.stringify({ a: '{ nothing }' }));
    process.kill('SIGHUP');
    await said('the new manifest is bad; the one before stays in use');
    expect((await post(url, byHash('a'))).errors).toBeUndefined();
    await writeFile(file, JSON.stringify({ b: OTHER }));
    await said('trusted documents were read again');
    expect((await post(url, byHash('b'))).errors).toBeUndefined();
    expect(codeOf(await post(url, byHash('a')))).toBe('PERSISTED_QUERY_REQUIRED');
  });
});

it('a manifest that does not fit the schema stops the start', async () => {
  await withFolder(async (folder) => {
    const file = join(folder, 'manifest.json');
    await writeFile(file, JSON.stringify({ a: 'query Wrong { nothing }' }));
    await expect(startProcess(folder, { PERSISTED_MANIFEST: file })).rejects.toThrow('ended with 1');
  });
});
