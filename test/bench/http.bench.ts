/**
 * Lists over HTTP from a real server process over an imported data folder: requests a second, p50 and p99, with the load of
 * infra/load-profile.json. The client shares the machine's cores.
 * node --require ./test/support/register-swc.cjs test/bench/http.bench.ts DATA
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLmdbLog } from '../../src/events/lmdb-log.js';
import { startProcess } from '../support/server.js';

interface LoadProfile {
  readonly connections: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly first: number;
  readonly query: string;
}

/** Users of the log's end with exactly ten clicks there: warm ones, as the issue asks. */
async function warmUsers(folder: string): Promise<string[]> {
  const log = openLmdbLog({ folder: join(folder, 'log'), readOnly: true });
  const counts = new Map<string, number>();
  for (const { event } of await log.read(Math.max(0, log.last() - 400_000), 400_000)) {
    if (event.kind === 'interaction') counts.set(event.userId, (counts.get(event.userId) ?? 0) + 1);
  }
  await log.close();
  return [...counts].filter(([, count]) => count === 10).map(([userId]) => userId);
}

async function load(
  url: string,
  users: readonly string[],
  connections: number,
  profile: LoadProfile,
  seconds: number,
): Promise<number[]> {
  const times: number[] = [];
  const end = performance.now() + seconds * 1_000;
  let next = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() < end) {
      const userId = users[next++ % users.length]!;
      const body = JSON.stringify({ query: profile.query, variables: { userId, first: profile.first } });
      const from = performance.now();
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      const answer = (await response.json()) as { errors?: unknown };
      if (response.status !== 200 || answer.errors !== undefined) throw new Error(JSON.stringify(answer));
      times.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  return times.sort((a, b) => a - b);
}

async function main(folder: string): Promise<void> {
  const profile = JSON.parse(readFileSync(join(__dirname, '../../infra/load-profile.json'), 'utf8')) as LoadProfile;
  const users = await warmUsers(folder);
  const server = await startProcess(folder, { LOG_LEVEL: 'info' });
  await load(server.url, users, 1, profile, profile.warmUpSeconds);
  for (const connections of [1, profile.connections]) {
    const times = await load(server.url, users, connections, profile, profile.seconds);
    const at = (part: number): string => times[Math.floor((times.length - 1) * part)]!.toFixed(1);
    console.log(
      `${connections} connections, ${users.length} users: ${Math.round(times.length / profile.seconds)} requests/s, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`,
    );
  }
  await server.kill('SIGTERM');
}

void main(process.argv[2] ?? 'data');
