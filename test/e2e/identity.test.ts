/** Keys made by the command line, and what a server without them answers: over HTTP, real processes. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { asked, until, VIEWER } from '../support/asking.js';
import { MAIN, send, startProcess, withFolder } from '../support/server.js';

const FORGET = JSON.stringify({ query: 'mutation { forgetUser(input: { userId: "u" }) { userId } }' });

function keys(folder: string, ...args: string[]): { status: number | null; out: string; err: string } {
  const run = spawnSync(process.execPath, [MAIN, 'keys', ...args, '--data', folder], { encoding: 'utf8' });
  return { status: run.status, out: run.stdout.trim(), err: run.stderr.trim() };
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
