/** A real Redis of its own, on a free port and in a folder of its own. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from './free-port.js';

/** Why tests with Redis are skipped, or null. */
export const NO_REDIS: string | null =
  spawnSync('redis-server', ['--version']).status === 0 ? null : 'redis-server is not installed';

/** `describe`, or a skipped one that says why. */
export const describeWithRedis = (title: string, suite: () => void): void => {
  if (NO_REDIS === null) describe(title, suite);
  else describe.skip(`${title} (${NO_REDIS})`, suite);
};

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** SIGSTOP freezes it, SIGCONT lets it go on, SIGKILL ends it. */
  signal(signal: NodeJS.Signals): Promise<void>;
  /** After SIGKILL: the same again, on the same port with the same data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();
(globalThis as { afterAll?: (end: () => void) => void }).afterAll?.(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts one that loses nothing it has acknowledged; `options` are more of redis-server's. */
export async function startRedis(options: readonly string[] = []): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'recograph-redis-'));
  const port = await freePort();
  let child = await start();
  async function start(): Promise<ChildProcess> {
    const started = spawn(
      'redis-server',
      [
        '--port',
        `${port}`,
        '--dir',
        folder,
        '--save',
        '',
        '--appendonly',
        'yes',
        '--appendfsync',
        'always',
        ...options,
      ],
      { stdio: 'ignore' },
    );
    running.add(started);
    started.once('exit', () => running.delete(started));
    while (!(await answers(port))) await wait(20);
    return started;
  }
  const ended = (): Promise<unknown> =>
    child.exitCode !== null || child.signalCode !== null
      ? Promise.resolve()
      : new Promise((resolve) => child.once('exit', resolve));
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    async signal(signal) {
      child.kill(signal);
      if (signal === 'SIGKILL' || signal === 'SIGTERM') await ended();
    },
    async restart() {
      child = await start();
    },
    async stop() {
      child.kill('SIGKILL');
      await ended();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.on('data', (data) => {
      socket.destroy();
      resolve(data.toString().startsWith('+PONG'));
    });
    socket.on('error', () => resolve(false));
  });
}
