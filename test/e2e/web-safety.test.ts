/** What stands between a browser and a real server: origins, headers, TLS. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { join } from 'node:path';
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import { type LogLine, type ServerProcess, startProcess, withFolder } from '../support/server.js';

const SHOP = 'https://shop.example';

/** Runs the test beside a server with these settings. */
async function beside(
  environment: Record<string, string>,
  run: (server: ServerProcess, lines: readonly LogLine[]) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const lines: LogLine[] = [];
    const server = await startProcess(folder, environment, { onLine: (line) => lines.push(line) });
    try {
      await run(server, lines);
    } finally {
      await server.kill('SIGTERM');
    }
  });
}

const preflight = (url: string, origin: string): Promise<Response> =>
  fetch(`${url}/graphql`, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
  });
const post = (url: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: '{"query":"{ __typename }"}',
  });

it('lets pages of the origins named ask, and no others', async () => {
  await beside({ CORS_ORIGINS: `${SHOP},http://localhost:3000` }, async ({ url }) => {
    const allowed = await preflight(url, SHOP);
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(SHOP);
    expect(allowed.headers.get('access-control-allow-headers')).toBe('content-type');
    expect(allowed.headers.get('access-control-max-age')).toBe('600');
    const denied = await preflight(url, 'https://shop.example.evil.example');
    expect(denied.headers.get('access-control-allow-origin')).toBeNull();
    const answer = await post(url, { origin: SHOP });
    expect(answer.headers.get('access-control-allow-origin')).toBe(SHOP);
    expect(answer.headers.get('access-control-expose-headers')).toBe(
      'x-request-id, ratelimit-limit, ratelimit-remaining, ratelimit-reset, retry-after',
    );
    expect(answer.headers.get('vary')).toContain('Origin');
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  });
});

it('lets no page of another origin ask unless one is named, and says nothing of what it is made with', async () => {
  await beside({}, async ({ url }) => {
    expect((await preflight(url, SHOP)).headers.get('access-control-allow-origin')).toBeNull();
    for (const answer of [await post(url), await fetch(`${url}/nowhere`), await fetch(`${url}/livez`)]) {
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
      for (const name of ['x-powered-by', 'server', 'strict-transport-security']) {
        expect(answer.headers.get(name)).toBeNull();
      }
    }
    const page = await fetch(`${url}/`);
    const policy = page.headers.get('content-security-policy')!;
    const nonce = /script-src 'self' 'nonce-([^']+)'/.exec(policy)![1];
    expect(await page.text()).toContain(`<script nonce="${nonce}">`);
    expect(policy).not.toContain('unsafe-eval');
    expect(page.headers.get('x-frame-options')).toBe('SAMEORIGIN');
    expect((await fetch(`${url}/`)).headers.get('content-security-policy')).not.toBe(policy);
  });
});

it('names nothing of the schema in errors and has no page in production', async () => {
  await beside({ NODE_ENV: 'production', AUTH: 'off' }, async ({ url }) => {
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ itm(id: \\"a\\") { id } }"}',
    });
    expect(await answer.json()).toMatchObject({ errors: [{ message: 'Cannot query field "itm" on type "Query".' }] });
    expect((await fetch(`${url}/`)).status).toBe(404);
  });
});

const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version']);
    return true;
  } catch {
    return false;
  }
})();
const withOpenssl = hasOpenssl ? it : it.skip;
const reason = hasOpenssl ? '' : ' (skipped: openssl is not installed)';

function makeCertificate(folder: string, name: string): { cert: string; key: string } {
  const [cert, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...made, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { cert, key };
}

/** The name of the certificate that the server shows. */
function shownBy(url: string, maxVersion: 'TLSv1.1' | 'TLSv1.3' = 'TLSv1.3'): Promise<string> {
  const { port, hostname } = new URL(url);
  return new Promise((resolve, reject) => {
    const options = { port: Number(port), host: hostname, rejectUnauthorized: false, minVersion: 'TLSv1' as const };
    const socket: TLSSocket = connect({ ...options, maxVersion }, () => {
      resolve((socket.getPeerCertificate() as PeerCertificate & { subject: { CN: string } }).subject.CN);
      socket.end();
    });
    socket.once('error', reject);
  });
}

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50));
}

withOpenssl(`speaks TLS 1.2 and later, and takes a renewed certificate up without a restart${reason}`, async () => {
  await withFolder(async (folder) => {
    const [first, second] = [makeCertificate(folder, 'first'), makeCertificate(folder, 'second')];
    const [cert, key] = [join(folder, 'live.crt'), join(folder, 'live.key')];
    const use = (pair: { cert: string; key: string }): void => {
      copyFileSync(pair.key, key);
      copyFileSync(pair.cert, cert);
    };
    use(first);
    await beside({ TLS_CERT: cert, TLS_KEY: key }, async ({ url }, lines) => {
      expect(url).toMatch(/^https:/);
      expect(await shownBy(url)).toBe('first');
      await expect(shownBy(url, 'TLSv1.1')).rejects.toThrow();
      const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
        get(`${url}/livez`, { rejectUnauthorized: false }, (answer) => {
          answer.resume();
          resolve(answer.headers);
        }).once('error', reject);
      });
      expect(headers['strict-transport-security']).toBe('max-age=31536000');
      use(second);
      await until(async () => (await shownBy(url)) === 'second');
      writeFileSync(cert, 'no certificate');
      await until(() => lines.some(({ msg }) => msg === 'the renewed certificate can’t be used; the last one stays'));
      expect(await shownBy(url)).toBe('second');
    });
  });
});

withOpenssl(`does not start with a key that is not the certificate’s${reason}`, async () => {
  await withFolder(async (folder) => {
    const { cert } = makeCertificate(folder, 'one');
    const { key } = makeCertificate(folder, 'other');
    await expect(startProcess(folder, { TLS_CERT: cert, TLS_KEY: key })).rejects.toThrow('the server ended with 1');
  });
});
