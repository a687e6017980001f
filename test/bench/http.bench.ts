/**
 * Lists over HTTP from a real server process over an imported data folder, for users with ten clicks and for unknown ones: requests
 * a second, p50 and p99, with the load of infra/load-profile.json. The client shares the machine's cores.
 * node --require ./test/support/register-swc.cjs test/bench/http.bench.ts DATA
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLmdbLog } from '../../src/events/lmdb-log.js';
import { httpLoad, type LoadResult } from '../support/http-load.js';
import { startProcess } from '../support/server.js';

interface LoadProfile {
  readonly connections: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly first: number;
  readonly query: string;
}

/** Users of the log's end with exactly ten clicks there: warm ones. */
async function warmUsers(folder: string): Promise<string[]> {
  const log = openLmdbLog({ folder: join(folder, 'log'), readOnly: true });
  const counts = new Map<string, number>();
  for (const { event } of await log.read(Math.max(0, log.last() - 400_000), 400_000)) {
    if (event.kind === 'interaction') counts.set(event.userId, (counts.get(event.userId) ?? 0) + 1);
  }
  await log.close();
  return [...counts].filter(([, count]) => count === 10).map(([userId]) => userId);
}

/** Asks for the profile's list, for one user after another. */
async function load(
  url: string,
  users: readonly string[],
  connections: number,
  profile: LoadProfile,
): Promise<LoadResult> {
  const body = (request: number): string =>
    JSON.stringify({
      query: profile.query,
      variables: { userId: users[request % users.length]!, first: profile.first },
    });
  const onAnswer = (status: number, answer: string): void => {
    if (status !== 200 || answer.startsWith('{"errors"')) throw new Error(`${status} ${answer}`);
  };
  const run = { url: `${url}/graphql`, connections, body, onAnswer };
  await httpLoad({ ...run, seconds: profile.warmUpSeconds });
  return httpLoad({ ...run, seconds: profile.seconds });
}

async function main(folder: string): Promise<void> {
  const profile = JSON.parse(readFileSync(join(__dirname, '../../infra/load-profile.json'), 'utf8')) as LoadProfile;
  const warm = await warmUsers(folder);
  const cold = Array.from({ length: 10_000 }, (_, at) => `never-seen-${at}`);
  const server = await startProcess(folder, { LOG_LEVEL: 'info', RATE_LIMIT: 'off' });
  for (const [kind, users] of Object.entries({ warm, cold })) {
    for (const connections of [1, profile.connections]) {
      const { perSecond, p50Ms, p99Ms } = await load(server.url, users, connections, profile);
      console.log(
        `${kind}, ${connections} connections: ${Math.round(perSecond)} requests/s, p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`,
      );
    }
  }
  await server.kill('SIGTERM');
}

void main(process.argv[2] ?? 'data');
