/**
 * Snapshots swapped while 32 connections ask: no request fails, no operation sees two, and whatever is served was published.
 * 20 swaps by default; SWAPS=200 for the long run. A connection pauses up to PAUSE_MS after each answer; with PAUSE_MS=0 the
 * server has more to do than it can, and a swap takes seconds instead of a part of one.
 */
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FilesSnapshotStore } from '../../src/artifacts/files-snapshot-store.js';
import { openLmdbLog } from '../../src/events/lmdb-log.js';
import { seededRandom } from '../../src/math/random.js';
import { publishFitted } from '../support/fitted.js';
import { ask, startProcess, withFolder } from '../support/server.js';
import { click } from '../support/state.js';

const SWAPS = Number(process.env['SWAPS'] ?? 20);
const CONNECTIONS = 32;
const PAUSE_MS = Number(process.env['PAUSE_MS'] ?? 1_000);
const POLL = { SNAPSHOT_POLL_MS: '10' };
const USERS = 200;
/** What the snapshots know; of these the catalogue holds some. */
const ITEMS = Array.from({ length: 5_000 }, (_, item) => `item-${item}`);

/** Two lists side by side, lists within them, and the snapshot itself. */
const LISTS = `query ($user: ID!, $item: ID!) {
  snapshot { id }
  a: recommendations(userId: $user, first: 1) { snapshot { id } nodes { item { id similar(first: 1) { snapshot { id } } } } }
  b: recommendations(userId: $user, scenario: "fresh", first: 1) { snapshot { id } nodes { rank } }
  item(id: $item) { similar(first: 1) { snapshot { id } } }
}`;

jest.setTimeout(SWAPS * 10_000 + 120_000);

interface Ready {
  readonly ready: boolean;
  readonly snapshot: {
    readonly id: string | null;
    readonly problem: { id: string; code: string; message: string } | null;
  };
}
async function readiness(url: string): Promise<Ready & { status: number }> {
  const response = await fetch(`${url}/readyz`);
  return { status: response.status, ...((await response.json()) as Ready) };
}
async function untilReady(url: string, holds: (ready: Ready) => boolean): Promise<Ready & { status: number }> {
  for (;;) {
    const ready = await readiness(url);
    if (holds(ready)) return ready;
    await delay(10);
  }
}

async function fillLog(folder: string): Promise<void> {
  const log = openLmdbLog({ folder: join(folder, 'log') });
  const events = Array.from({ length: USERS }, (_, user) =>
    Array.from({ length: 8 }, (_, step) =>
      click(`user-${user}`, `item-${(user * 37 + step * step * 11) % 600}`, user + step, { id: `${user}-${step}` }),
    ),
  );
  await log.append(events.flat());
  await log.close();
}

/** The ids of all snapshots in an answer; null where a list was made without one. */
function idsIn(answer: object): Set<string | null> {
  const found = JSON.stringify(answer).matchAll(/"snapshot":(?:null|\{"id":"([^"]*)"\})/g);
  return new Set([...found].map(([, id]) => id ?? null));
}

it(`swaps ${SWAPS} snapshots under ${CONNECTIONS} connections: nothing fails, nothing is mixed`, async () => {
  await withFolder(async (folder) => {
    await fillLog(folder);
    const store = new FilesSnapshotStore(join(folder, 'snapshots'));
    const published = new Set([await publishFitted(store, 0, { itemIds: ITEMS })]);
    const server = await startProcess(folder, POLL);
    const served = new Set<string | null>();
    const failed: unknown[] = [];
    const mixed: unknown[] = [];
    const times: number[] = [];
    const random = seededRandom(20261124);
    let on = true;
    let next = 0;
    const connection = async (): Promise<void> => {
      while (on) {
        const n = next++;
        await delay(random.below(PAUSE_MS + 1));
        const from = performance.now();
        const variables = { user: `user-${n % (USERS + 20)}`, item: `item-${(n * 7) % 600}` };
        const answer = await ask(server.url, LISTS, variables).catch(String);
        times.push(performance.now() - from);
        if (typeof answer === 'string' || answer.status !== 200 || answer.errors !== undefined || !answer.data) {
          failed.push(answer);
          continue;
        }
        const ids = idsIn(answer.data);
        if (ids.size !== 1) mixed.push([...ids]);
        ids.forEach((id) => served.add(id));
      }
    };
    const connections = Array.from({ length: CONNECTIONS }, connection);
    for (let swap = 1; swap <= SWAPS; swap++) {
      const id = await publishFitted(store, swap, { itemIds: ITEMS });
      published.add(id);
      await untilReady(server.url, ({ snapshot }) => snapshot.id === id);
      if (swap % 10 === 0) await store.prune(1);
    }
    // Until some that were asked after the last swap have their answers.
    const { length } = times;
    while (times.length < length + CONNECTIONS * 2) await delay(10);
    on = false;
    await Promise.all(connections);
    expect({ failed, mixed }).toEqual({ failed: [], mixed: [] });
    expect([...served].filter((id) => id === null || !published.has(id))).toEqual([]);
    expect(served).toContain([...published].at(-1));
    expect(await server.kill('SIGTERM')).toBe(0);
    times.sort((a, b) => a - b);
    const at = (part: number): string => times[Math.floor((times.length - 1) * part)]!.toFixed(1);
    console.log(
      `${SWAPS} swaps, ${times.length} requests of ${CONNECTIONS} connections, ${served.size} of ${published.size} snapshots seen in answers, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`,
    );
  });
});

it('a damaged LATEST leaves the last good one in use and shows in /readyz, and a restart serves from its first request', async () => {
  await withFolder(async (folder) => {
    await fillLog(folder);
    const elsewhere = join(folder, 'elsewhere');
    const store = new FilesSnapshotStore(elsewhere);
    const options = { options: ['--snapshots', elsewhere] };
    const good = await publishFitted(store, 1, { itemIds: ITEMS });
    let server = await startProcess(folder, POLL, options);
    expect((await ask(server.url, '{ snapshot { id } }')).data).toEqual({ snapshot: { id: good } });
    // Nobody may read it before it is damaged.
    await store.pin(good);
    const bad = await publishFitted(store, 2, { itemIds: ITEMS });
    await appendFile(join(elsewhere, 'main', bad, 'als-items.array'), 'x');
    await store.unpin();
    const { status, ready, snapshot } = await untilReady(server.url, ({ snapshot: { problem } }) => problem !== null);
    expect({ status, ready, id: snapshot.id }).toEqual({ status: 200, ready: true, id: good });
    expect(snapshot.problem).toMatchObject({ id: bad, code: 'SNAPSHOT_CORRUPT' });
    expect(snapshot.problem!.message).toContain(`snapshot ${bad} has `);
    await store.rollback();
    await untilReady(server.url, ({ snapshot: { problem } }) => problem === null);
    await server.kill('SIGKILL');
    server = await startProcess(folder, POLL, options);
    expect((await ask(server.url, '{ snapshot { id } }')).data).toEqual({ snapshot: { id: good } });
    expect(await server.kill('SIGTERM')).toBe(0);
  });
});
