/** The test that a deployment passes before it gets requests: it tells a gateway that serves from one that does not. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startProcess, withFolder } from '../support/server.js';
import { ROOT } from './infra-files.js';

/** Its exit code, and what it printed. */
function smoke(url: string): Promise<{ code: number | null; text: string }> {
  const child = spawn('bash', [join(ROOT, 'scripts/smoke.sh'), url], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (text += String(part)));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, text })));
}

it('passes a gateway that makes lists', async () => {
  await withFolder(async (folder) => {
    const server = await startProcess(folder);
    expect(await smoke(server.url)).toMatchObject({ code: 0, text: expect.stringContaining('"segment":"COLD"') });
    expect(await server.kill('SIGTERM')).toBe(0);
  });
});

it('fails one that is ready and refuses, for want of a key or by a fault', async () => {
  const failing = createServer((request, response) =>
    request.url === '/readyz' ? response.end('{"ready":true}') : response.end('{"errors":[{"message":"no"}]}'),
  );
  await new Promise<void>((listening) => failing.listen(0, '127.0.0.1', listening));
  const { code, text } = await smoke(`http://127.0.0.1:${(failing.address() as AddressInfo).port}`);
  expect({ code, text }).toMatchObject({ code: 1, text: expect.stringContaining('"errors"') });
  failing.close();
});
