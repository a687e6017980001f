/** A real Azurite, Microsoft's emulator of Azure Storage, on a free port. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from './free-port.js';

/** The account that every Azurite has, with its published key. */
const ACCOUNT = 'devstoreaccount1';
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

export interface AzuriteServer {
  readonly port: number;
  readonly connectionString: string;
  kill(): Promise<void>;
  /** After `kill`: on the same port with the same data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();
(globalThis as { afterAll?: (end: () => void) => void }).afterAll?.(() => {
  for (const child of running) child.kill('SIGKILL');
});

export async function startAzurite(): Promise<AzuriteServer> {
  const folder = await mkdtemp(join(tmpdir(), 'recograph-azurite-'));
  const port = await freePort();
  const script = require.resolve('azurite/dist/src/blob/main.js');
  const start = async (): Promise<ChildProcess> => {
    const options = [
      '--blobPort',
      `${port}`,
      '--location',
      folder,
      '--skipApiVersionCheck',
      '--silent',
      '--disableTelemetry',
    ];
    const child = spawn(process.execPath, [script, ...options], { stdio: 'ignore' });
    running.add(child);
    child.once('exit', () => running.delete(child));
    while (!(await listens(port))) await wait(20);
    return child;
  };
  let child = await start();
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  };
  return {
    port,
    connectionString: connectionStringFor(port),
    kill,
    async restart() {
      child = await start();
    },
    async stop() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** How to reach it at this port, such as that of a proxy before it. */
export function connectionStringFor(port: number): string {
  const endpoint = `http://127.0.0.1:${port}/${ACCOUNT}`;
  return `DefaultEndpointsProtocol=http;AccountName=${ACCOUNT};AccountKey=${KEY};BlobEndpoint=${endpoint};`;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
