/** Tokens of a real issuer, whose keys are in a file or at an address: over HTTP, a real process. */
import { spawnSync } from 'node:child_process';
import { createHmac, createSign, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { asked, until } from '../support/asking.js';
import { MAIN, type ServerProcess, startProcess, withFolder } from '../support/server.js';

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
