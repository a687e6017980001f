/** Several processes behind one port. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { ask, type LogLine, send, type ServerProcess, startProcess, withFolder } from '../support/server.js';
import { until } from '../support/subscribers.js';

const QUERY = '{ popularItems(first: 1) { segment } }';
const BY_HASH = {
  extensions: { persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(QUERY).digest('hex') } },
};

const serving = (lines: readonly LogLine[]): LogLine[] => lines.filter(({ msg }) => msg === 'serving');

it('two processes serve one port, know what either registered, outlive a kill, and drain together', async () => {
  await withFolder(async (folder) => {
    const lines: LogLine[] = [];
    const server = await startProcess(
      folder,
      {},
      { options: ['--processes', '2'], onLine: (line) => lines.push(line) },
    );
    const servingAgain = async (worker: number, times: number): Promise<void> => {
      const count = (): number =>
        lines.filter(({ msg, ...line }) => msg === 'serving' && line['worker'] === worker).length;
      while (count() < times) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    const workerOf = async (): Promise<number> => {
      const response = await fetch(`${server.url}/readyz`, { headers: { connection: 'close' } });
      return ((await response.json()) as { worker: number }).worker;
    };
    const reached = async (): Promise<number[]> =>
      [...new Set(await Promise.all(Array.from({ length: 8 }, workerOf)))].sort();
    await servingAgain(1, 1);
    await servingAgain(2, 1);
    expect(await reached()).toEqual([1, 2]);

    const close = { connection: 'close' };
    await send(`${server.url}/graphql`, JSON.stringify({ query: QUERY, ...BY_HASH }), close);
    for (let request = 0; request < 6; request++) {
      const answer = await send(`${server.url}/graphql`, JSON.stringify(BY_HASH), close);
      expect(answer.data).toEqual({ popularItems: { segment: 'COLD' } });
    }

    const pid = lines.find(({ msg, ...line }) => msg === 'serving' && line['worker'] === 1)!['pid'] as number;
    process.kill(pid, 'SIGKILL');
    while (!lines.some(({ msg }) => msg === 'a process ended')) await new Promise((resolve) => setTimeout(resolve, 10));
    expect((await ask(server.url, QUERY)).errors).toBeUndefined();
    await servingAgain(1, 2);
    expect(await reached()).toEqual([1, 2]);
    expect(await server.kill('SIGTERM')).toBe(0);
    expect(lines.filter(({ msg }) => msg === 'closed')).toHaveLength(2);
  });
});

it('a server whose processes all die at once starts all of them again', async () => {
  await withFolder(async (folder) => {
    const lines: LogLine[] = [];
    const server = await startProcess(
      folder,
      {},
      { options: ['--processes', '2'], onLine: (line) => lines.push(line) },
    );
    await until(() => serving(lines).length === 2);
    for (const { pid } of serving(lines)) process.kill(pid as number, 'SIGKILL');
    await until(() => serving(lines).length === 4 || server.process.exitCode !== null);
    expect(server.process.exitCode).toBeNull();
    // Port 0 is another one now: nobody held the first.
    expect((await ask(serving(lines).at(-1)!['url'] as string, QUERY)).errors).toBeUndefined();
    expect(await server.kill('SIGTERM')).toBe(0);
  });
});

it('processes whose primary is killed end by themselves', async () => {
  await withFolder(async (folder) => {
    const lines: LogLine[] = [];
    const options = { options: ['--processes', '2'], onLine: (line: LogLine) => void lines.push(line) };
    const server = await startProcess(folder, {}, options);
    await until(() => serving(lines).length === 2);
    // They write where it wrote: closed is it when the last of them has ended.
    const allEnded = once(server.process, 'close');
    await server.kill('SIGKILL');
    await allEnded;
    await expect(fetch(`${server.url}/readyz`)).rejects.toThrow('fetch failed');
  });
});

describe('a process that hangs', () => {
  async function withHangingProcess(
    environment: Record<string, string>,
    run: (server: ServerProcess, lines: readonly LogLine[]) => Promise<void>,
  ): Promise<void> {
    await withFolder(async (folder) => {
      const lines: LogLine[] = [];
      const options = { options: ['--processes', '2'], onLine: (line: LogLine) => void lines.push(line) };
      const server = await startProcess(folder, environment, options);
      await until(() => serving(lines).length === 2);
      const pid = serving(lines)[0]!['pid'] as number;
      process.kill(pid, 'SIGSTOP');
      try {
        await run(server, lines);
      } finally {
        if (server.process.exitCode === null) process.kill(pid, 'SIGKILL');
      }
    });
  }
  const has = (lines: readonly LogLine[], message: string): boolean => lines.some(({ msg }) => msg === message);

  it('is killed and started again', async () => {
    await withHangingProcess({ WORKER_SILENCE_MS: '1500' }, async (server, lines) => {
      await until(() => serving(lines).length === 3);
      expect(has(lines, 'a process gave no sign of life and is killed')).toBe(true);
      expect(lines.filter(({ msg }) => msg === 'a process ended')).toMatchObject([{ signal: 'SIGKILL' }]);
      expect(await server.kill('SIGTERM')).toBe(0);
    });
  });

  it('does not keep the server from its end when the time to drain is over', async () => {
    await withHangingProcess({ DRAIN_MS: '500' }, async (server, lines) => {
      expect(await server.kill('SIGTERM')).toBe(1);
      expect(has(lines, 'processes that have not drained are killed')).toBe(true);
    });
  });

  it('does not outlive a second signal', async () => {
    await withHangingProcess({ DRAIN_MS: '600000' }, async (server, lines) => {
      server.process.kill('SIGTERM');
      await until(() => has(lines, 'draining all processes'));
      expect(await server.kill('SIGTERM')).toBe(1);
    });
  });
});

it('a server whose processes cannot start ends with 1', async () => {
  await withFolder(async (folder) => {
    const options = ['--processes', '2', '--host', '192.0.2.1'];
    await expect(startProcess(folder, { AUTH: 'off' }, { options })).rejects.toThrow('ended with 1');
  });
});
