/** Keys made by the command line, tokens of a real issuer, and what a server without them answers: over HTTP, real processes. */
import { spawnSync } from 'node:child_process';
import { createSign, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { MAIN, send, type ServerProcess, startProcess, withFolder } from '../support/server.js';

const VIEWER = JSON.stringify({ query: '{ viewer { id } }' });
const FORGET = JSON.stringify({ query: 'mutation { forgetUser(input: { userId: "u" }) { userId } }' });

function keys(folder: string, ...args: string[]): { status: number | null; out: string; err: string } {
  const run = spawnSync(process.execPath, [MAIN, 'keys', ...args, '--data', folder], { encoding: 'utf8' });
  return { status: run.status, out: run.stdout.trim(), err: run.stderr.trim() };
}

async function asked(
  { url }: ServerProcess,
  headers: Record<string, string>,
  body = VIEWER,
): Promise<{ status: number; code: string | undefined; data: unknown }> {
  const { status, data, errors } = await send(`${url}/graphql`, body, headers);
  return { status, code: errors?.[0]?.extensions.code, data };
}

/** Asks until the answer has this status: a server looks at its keys every half second. */
async function until(status: number, ask: () => Promise<{ status: number }>): Promise<void> {
  while ((await ask()).status !== status) await new Promise((resolve) => setTimeout(resolve, 50));
}

describe('keys', () => {
  it('are asked for once there is one, good until revoked, and seen by a running server', async () => {
    await withFolder(async (folder) => {
      const server = await startProcess(folder);
      expect(await asked(server, {})).toMatchObject({ status: 200, data: { viewer: null } });

      const mine = keys(folder, 'add', '--name', 'web', '--roles', 'client', '--user', 'u1').out;
      expect(mine).toMatch(/^rg_[0-9a-f]{12}_[\w-]{43}$/);
      expect(readFileSync(join(folder, 'keys.json'), 'utf8')).not.toContain(mine.slice(16));
      await until(401, () => asked(server, {}));
      expect(await asked(server, {})).toMatchObject({ code: 'UNAUTHENTICATED' });
      for (const headers of [{ 'x-api-key': mine }, { authorization: `Bearer ${mine}` }]) {
        expect(await asked(server, headers)).toMatchObject({ status: 200, data: { viewer: { id: 'u1' } } });
      }
      const wrong = `${mine.slice(0, -1)}${mine.endsWith('A') ? 'B' : 'A'}`;
      for (const headers of [{ 'x-api-key': wrong }, { authorization: 'Basic dTpw' }, { 'x-api-key': 'nothing' }]) {
        expect(await asked(server, headers)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
      }
      expect(await asked(server, { 'x-api-key': mine }, FORGET)).toMatchObject({ status: 403, code: 'FORBIDDEN' });
      const refused = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: VIEWER,
      });
      expect(refused.headers.get('www-authenticate')).toBe('Bearer');
      expect((await fetch(`${server.url}/readyz`)).status).toBe(200);

      const id = mine.split('_')[1]!;
      const next = keys(folder, 'rotate', id, '--overlap', '1h').out;
      await until(200, () => asked(server, { 'x-api-key': next }));
      expect((await asked(server, { 'x-api-key': mine })).status).toBe(200);
      const last = keys(folder, 'rotate', id, '--overlap', '1s').out;
      await until(401, () => asked(server, { 'x-api-key': mine }));
      await until(401, () => asked(server, { 'x-api-key': next }));
      expect((await asked(server, { 'x-api-key': last })).status).toBe(200);

      expect(keys(folder, 'list').out).toMatch(new RegExp(`^${id}  client for user "u1"  made \\S+  good  web$`));
      expect(keys(folder, 'revoke', id).out).toBe(`key ${id} is revoked`);
      await until(401, () => asked(server, { 'x-api-key': last }));
      expect(keys(folder, 'list').out).toMatch(/revoked/);
      // Somebody was given a key: taking it back opens nothing, nor does losing the file.
      expect((await asked(server, {})).status).toBe(401);
      await rm(join(folder, 'keys.json'));
      await new Promise((resolve) => setTimeout(resolve, 600));
      expect((await asked(server, {})).status).toBe(401);
      await server.kill('SIGTERM');
    });
  });

  it('end by themselves', async () => {
    await withFolder(async (folder) => {
      const key = keys(folder, 'add', '--name', 'short', '--roles', 'server,debug', '--expires', '2s').out;
      const server = await startProcess(folder);
      await until(401, () => asked(server, { 'x-api-key': key }));
      expect(keys(folder, 'list').out).toMatch(/ended/);
      await server.kill('SIGTERM');
    });
  });

  it.each([
    [
      ['add', '--name', 'x', '--roles', 'king'],
      'BAD_OPTION: --roles is "king"; allowed are client, server, debug, ingest, admin',
    ],
    [['add', '--name', 'x', '--roles', 'client', '--user', ' '], 'BAD_OPTION: --user is empty'],
    [['add', '--name', 'x', '--roles', 'client', '--expires', 'soon'], 'BAD_OPTION: --expires is "soon"'],
    [['revoke', 'none'], 'UNKNOWN_KEY: there is no key "none"'],
    [['rotate', 'none'], 'UNKNOWN_KEY: there is no key "none"'],
  ])('%j is refused', async (args, message) => {
    await withFolder(async (folder) => {
      const { status, err } = keys(folder, ...args);
      expect(status).toBe(1);
      expect(err).toContain(message);
    });
  });

  it('whose file is damaged stop the start, and change nothing in a server that runs', async () => {
    await withFolder(async (folder) => {
      const key = keys(folder, 'add', '--name', 'web', '--roles', 'client').out;
      const problems: string[] = [];
      const server = await startProcess(folder, {}, { onLine: ({ msg }) => problems.push(msg) });
      await writeFile(join(folder, 'keys.json'), '{"version":1,"keys":[{"id":7}]}');
      while (!problems.some((line) => line.includes('the keys are those known before'))) {
        expect((await asked(server, { 'x-api-key': key })).status).toBe(200);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      await server.kill('SIGTERM');
      const run = spawnSync(process.execPath, [MAIN, 'serve', '--data', folder, '--port', '0'], { encoding: 'utf8' });
      expect(run.stderr).toMatch(/^KEYS_DAMAGED: .*keys\.json does not hold keys of version 1$/m);
    });
  });
});

it('shows readers on its page only to whom it would answer anyway', async () => {
  await withFolder(async (folder) => {
    const server = await startProcess(folder);
    const entry = '{ userId: "a-real-reader", itemId: "a-real-item" }';
    const record = `mutation { recordInteractions(input: { interactions: [${entry}] }) { accepted } }`;
    await send(`${server.url}/graphql`, JSON.stringify({ query: record }));
    expect(await (await fetch(server.url)).text()).toContain('a-real-reader');
    keys(folder, 'add', '--name', 'web', '--roles', 'client');
    await until(401, () => asked(server, {}));
    expect(await (await fetch(server.url)).text()).not.toMatch(/a-real-(reader|item)/);
    await server.kill('SIGTERM');
  });
});

describe('a server without keys', () => {
  it('answers to names of its own machine only', async () => {
    await withFolder(async (folder) => {
      const server = await startProcess(folder);
      const { port } = new URL(server.url);
      const answer = (host: string): Promise<number> =>
        new Promise((resolve, reject) => {
          const options = {
            port,
            path: '/graphql',
            method: 'POST',
            headers: { host, 'content-type': 'application/json' },
          };
          const sent = request({ host: '127.0.0.1', ...options }, (response) => resolve(response.resume().statusCode!));
          sent.on('error', reject).end(VIEWER);
        });
      expect(await answer(`localhost:${port}`)).toBe(200);
      expect(await answer(`[::1]:${port}`)).toBe(200);
      expect(await answer('rebound.example')).toBe(403);
      await server.kill('SIGTERM');
    });
  });

  it.each([
    ['bound to every address', { HOST: '0.0.0.0' }],
    ['in production', { NODE_ENV: 'production' }],
    ['told to require them', { AUTH: 'required' }],
  ])('does not start %s', async (_name, environment) => {
    await withFolder(async (folder) => {
      const run = spawnSync(process.execPath, [MAIN, 'serve', '--data', folder, '--port', '0'], {
        encoding: 'utf8',
        env: { ...process.env, NODE_ENV: 'test', ...environment },
      });
      expect(run.stderr).toContain('BAD_SETTING: requests need a key or a token, and there are none');
      expect(run.status).toBe(1);
    });
  });

  it('starts bound to every address where keys are switched off by name', async () => {
    await withFolder(async (folder) => {
      const server = await startProcess(folder, { AUTH: 'off', HOST: '0.0.0.0' });
      const url = server.url.replace('0.0.0.0', '127.0.0.1');
      expect((await send(`${url}/graphql`, FORGET)).status).toBe(200);
      await server.kill('SIGTERM');
    });
  });
});

it('in production the schema is for debug and admin, and there is no page', async () => {
  await withFolder(async (folder) => {
    const [client, debug] = ['client', 'debug'].map((role) => keys(folder, 'add', '--name', role, '--roles', role).out);
    const server = await startProcess(folder, { NODE_ENV: 'production' });
    const schema = JSON.stringify({ query: '{ __schema { queryType { name } } }' });
    expect(await asked(server, { 'x-api-key': client! }, schema)).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    expect(await asked(server, { 'x-api-key': debug! }, schema)).toMatchObject({ status: 200, code: undefined });
    expect((await fetch(server.url)).status).toBe(404);
    await server.kill('SIGTERM');
  });
});

describe('tokens', () => {
  const ours = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const theirs = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = (key: KeyObject, kid: string, alg: string): object => ({
    ...key.export({ format: 'jwk' }),
    kid,
    alg,
    use: 'sig',
  });
  const base = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = (rest: object = {}): object => ({
    iss: 'https://issuer.example',
    aud: 'recograph',
    sub: 'u1',
    exp: Math.floor(Date.now() / 1_000) + 600,
    ...rest,
  });
  const token = (payload: object, key: KeyObject = ours.privateKey, kid = 'one'): string => {
    const text = `${base({ alg: 'ES256', kid, typ: 'JWT' })}.${base(payload)}`;
    return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  };
  const rs256 = (payload: object): string => {
    const text = `${base({ alg: 'RS256', kid: 'two' })}.${base(payload)}`;
    return `${text}.${createSign('RSA-SHA256').update(text).sign(rsa.privateKey, 'base64url')}`;
  };
  const ISSUER = { JWT_ISSUER: 'https://issuer.example', JWT_AUDIENCE: 'recograph', JWT_ROLES_CLAIM: 'roles' };
  const past = Math.floor(Date.now() / 1_000) - 60;

  const GOOD: [string, () => string, object][] = [
    ['a token', () => token(claims()), { viewer: { id: 'u1' } }],
    ['a token signed with RSA', () => rs256(claims({ sub: 'u2' })), { viewer: { id: 'u2' } }],
    ['a token for several audiences', () => token(claims({ aud: ['other', 'recograph'] })), { viewer: { id: 'u1' } }],
  ];
  const BAD: [string, () => string][] = [
    ['past its end', () => token(claims({ exp: past }))],
    ['without an end', () => token(claims({ exp: undefined }))],
    ['that is not good yet', () => token(claims({ nbf: Math.floor(Date.now() / 1_000) + 600 }))],
    ['of another issuer', () => token(claims({ iss: 'https://other.example' }))],
    ['for another audience', () => token(claims({ aud: 'other' }))],
    ['without a subject', () => token(claims({ sub: undefined }))],
    ['whose subject is no user id', () => token(claims({ sub: 'u\u0000' }))],
    ['signed by somebody else', () => token(claims(), theirs.privateKey)],
    ['of a key that nobody knows', () => token(claims(), ours.privateKey, 'unknown')],
    ['without a signature', () => `${base({ alg: 'none' })}.${base(claims())}.`],
    ['that is no token', () => 'a.b.c'],
  ];

  async function withIssuer(
    run: (server: ServerProcess, folder: string) => Promise<void>,
    byFile: boolean,
  ): Promise<void> {
    await withFolder(async (folder) => {
      const set = { keys: [jwk(ours.publicKey, 'one', 'ES256'), jwk(rsa.publicKey, 'two', 'RS256')] };
      const file = join(folder, 'jwks.json');
      await writeFile(file, JSON.stringify(set));
      const issuer: Server = createServer((_request, response) =>
        response.setHeader('content-type', 'application/json').end(JSON.stringify(set)),
      );
      await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
      const address = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/jwks.json`;
      const server = await startProcess(join(folder, 'data'), { JWT_JWKS: byFile ? file : address, ...ISSUER });
      await run(server, folder).finally(async () => {
        await server.kill('SIGTERM');
        issuer.close();
      });
    });
  }

  it.each([
    ['a file', true],
    ['an address', false],
  ])('of an issuer whose keys are at %s are taken where they are good', async (_name, byFile) => {
    await withIssuer(async (server) => {
      for (const [name, made, data] of GOOD) {
        expect({ name, ...(await asked(server, { authorization: `Bearer ${made()}` })) }).toMatchObject({
          name,
          status: 200,
          data,
        });
      }
      for (const [name, made] of BAD) {
        expect({ name, ...(await asked(server, { authorization: `Bearer ${made()}` })) }).toMatchObject({
          name,
          status: 401,
          code: 'UNAUTHENTICATED',
        });
      }
      // The public key taken as the secret of an HMAC: the oldest trick.
      const { createHmac } = await import('node:crypto');
      const text = `${base({ alg: 'HS256', kid: 'two' })}.${base(claims())}`;
      const secret = rsa.publicKey.export({ type: 'spki', format: 'pem' });
      const forged = `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
      expect((await asked(server, { authorization: `Bearer ${forged}` })).status).toBe(401);
      expect((await asked(server, {})).status).toBe(401);
    }, byFile);
  });

  it('are not good any more when their key has left the file', async () => {
    await withIssuer(async (server, folder) => {
      expect((await asked(server, { authorization: `Bearer ${token(claims())}` })).status).toBe(200);
      await writeFile(join(folder, 'jwks.json'), JSON.stringify({ keys: [jwk(rsa.publicKey, 'two', 'RS256')] }));
      // Each a new token: one that was verified is known for minutes.
      let at = 0;
      await until(401, () => asked(server, { authorization: `Bearer ${token(claims({ jti: String(at++) }))}` }));
    }, true);
  });

  it('have the role client, or those that their claim lists', async () => {
    await withIssuer(async (server) => {
      const stage = JSON.stringify({ query: '{ user(id: "u1") { stage(name: POPULARITY) { rank } } }' });
      const codes: unknown[] = [];
      for (const roles of [undefined, 'client', ['client', 'debug'], 'server debug', 'king']) {
        codes.push((await asked(server, { authorization: `Bearer ${token(claims({ roles }))}` }, stage)).code);
      }
      expect(codes).toEqual(['FORBIDDEN', 'FORBIDDEN', undefined, undefined, 'FORBIDDEN']);
    }, true);
  });

  it('need an issuer and an audience', () => {
    const run = spawnSync(process.execPath, [MAIN, 'serve', '--port', '0'], {
      encoding: 'utf8',
      env: { ...process.env, JWT_JWKS: 'jwks.json' },
    });
    expect(run.stderr).toContain('BAD_SETTING: JWT_JWKS="jwks.json": JWT_ISSUER and JWT_AUDIENCE must be set too');
  });
});
