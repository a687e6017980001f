/** Who may subscribe, and for how long: keys and tokens over both transports, against a real server. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../support/command.js';
import { type ServerProcess, startProcess, withFolder } from '../support/server.js';
import { type Reader, readerOf, TRANSPORTS, until } from '../support/subscribers.js';

const UPDATES = 'subscription ($userId: ID!) { recommendationsUpdated(userId: $userId) { segment } }';
const issuer = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const base = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token for the user u1 that ends in so many seconds. */
function tokenFor(seconds: number): string {
  const exp = Math.floor(Date.now() / 1_000) + seconds;
  const claims = { iss: 'https://issuer.example', aud: 'recograph', sub: 'u1', exp };
  const text = `${base({ alg: 'ES256', kid: 'one' })}.${base(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), { key: issuer.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

interface Keyed {
  readonly server: ServerProcess;
  readonly keys: Readonly<Record<'client' | 'server', string>>;
  readonly data: string;
}

async function withKeys(run: (keyed: Keyed) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const data = join(folder, 'data');
    const add = async (...options: readonly string[]): Promise<string> =>
      /rg_\S+/.exec((await runCommand('keys', 'add', '--data', data, '--name', 'k', ...options)).stdout)![0];
    const keys = {
      client: await add('--roles', 'client', '--user', 'u1'),
      server: await add('--roles', 'server'),
    };
    const jwks = join(folder, 'jwks.json');
    const jwk = { ...issuer.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'ES256', use: 'sig' };
    await writeFile(jwks, JSON.stringify({ keys: [jwk] }));
    const server = await startProcess(data, {
      JWT_JWKS: jwks,
      JWT_ISSUER: 'https://issuer.example',
      JWT_AUDIENCE: 'recograph',
      SUBSCRIPTION_REFRESH_MS: '100',
      MAX_TOKENS: '40',
    });
    await run({ server, keys, data });
    expect(await server.kill('SIGTERM')).toBe(0);
  });
}

/** What the last value says, once it is an error. */
const codeOfLast = ({ values }: Reader): unknown => values.at(-1)?.errors?.[0].extensions.code;

describe.each(TRANSPORTS)('over %s', (transport) => {
  const isSocket = transport === 'a WebSocket';

  it('keys and tokens subscribe to whom they speak for, and to nobody else', async () => {
    await withKeys(async ({ server: { url }, keys }) => {
      const token = tokenFor(600);
      const mine = { variables: { userId: 'u1' } };
      const theirs = { variables: { userId: 'u2' } };
      for (const good of [
        { key: keys.client, ...mine },
        { token, ...mine },
        { key: keys.server, ...theirs },
      ]) {
        const reader = readerOf(transport, url, UPDATES, good);
        await until(() => reader.values.length === 1);
        expect(reader.values).toMatchObject([{ data: { recommendationsUpdated: { segment: 'COLD' } } }]);
        reader.leave();
      }
      for (const foreign of [
        { key: keys.client, ...theirs },
        { token, ...theirs },
      ]) {
        expect(await readerOf(transport, url, UPDATES, foreign).ended).toBe('NOT_YOUR_USER');
      }
      const refused = isSocket ? '4403 UNAUTHENTICATED' : 'UNAUTHENTICATED';
      const wrong = `${keys.client.slice(0, -1)}${keys.client.endsWith('A') ? 'B' : 'A'}`;
      for (const bad of [
        mine,
        { key: wrong, ...mine },
        { token: tokenFor(-60), ...mine },
        { token: 'a.b.c', ...mine },
      ]) {
        expect(await readerOf(transport, url, UPDATES, bad).ended).toBe(refused);
      }
    });
  });

  it('a key that is revoked, and a token whose time is over, end what runs under them', async () => {
    await withKeys(async ({ server: { url }, keys, data }) => {
      const variables = { userId: 'u1' };
      const revoked = readerOf(transport, url, UPDATES, { key: keys.client, variables });
      const other = readerOf(transport, url, UPDATES, { key: keys.server, variables });
      const outlived = readerOf(transport, url, UPDATES, { token: tokenFor(3), variables });
      await until(() => [revoked, other, outlived].every(({ values }) => values.length === 1));
      await runCommand('keys', 'revoke', keys.client.split('_')[1]!, '--data', data);
      expect(await Promise.all([revoked.ended, outlived.ended])).toEqual(['complete', 'complete']);
      expect([codeOfLast(revoked), codeOfLast(outlived)]).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED']);
      expect(other.values).toHaveLength(1);
      other.leave();
    });
  });

  it('a document of too many tokens is refused before it is parsed', async () => {
    await withKeys(async ({ server: { url }, keys }) => {
      const long = `subscription { ${'nothing '.repeat(50)} `;
      expect(await readerOf(transport, url, long, { key: keys.client }).ended).toBe('TOO_MANY_TOKENS');
    });
  });
});

it('a stream is opened by GET too', async () => {
  await withKeys(async ({ server: { url }, keys }) => {
    const address = new URL(`${url}/graphql/stream`);
    address.searchParams.set('query', UPDATES);
    address.searchParams.set('variables', '{"userId":"u1"}');
    const leaving = new AbortController();
    const { status, body } = await fetch(address, {
      headers: { accept: 'text/event-stream', 'x-api-key': keys.client },
      signal: leaving.signal,
    });
    let text = '';
    for await (const chunk of body!) {
      text += Buffer.from(chunk as Uint8Array).toString();
      if (status !== 200 || text.includes('event: next')) break;
    }
    expect({ status, text }).toEqual({
      status: 200,
      text: expect.stringContaining('"recommendationsUpdated":{"segment":"COLD"}') as string,
    });
    leaving.abort();
  });
});
