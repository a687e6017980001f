/**
 * From a recorded click to the list that is pushed for it, over 200 clicks, and the memory of 1,000 idle subscriptions, at a real
 * server process with 1,000 items. The client shares the machine's cores.
 * node --require ./test/support/register-swc.cjs test/bench/subscriptions.bench.ts
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, startProcess, withFolder } from '../support/server.js';
import { readerOf, until } from '../support/subscribers.js';

const UPDATES =
  'subscription ($userId: ID!) { recommendationsUpdated(userId: $userId, first: 20) { nodes { item { id } score } } }';
const CLICK = 'mutation ($i: RecordInteractionsInput!) { recordInteractions(input: $i) { accepted } }';
const ITEMS = 'mutation ($i: UpsertItemsInput!) { upsertItems(input: $i) { accepted } }';

const residentMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1_024;
const at = (sorted: readonly number[], share: number): string => sorted[Math.floor(share * sorted.length)]!.toFixed(1);

void withFolder(async (folder) => {
  const server = await startProcess(join(folder, 'data'), {
    MAX_SUBSCRIPTIONS: '2000',
    SUBSCRIPTIONS_PER_CALLER: '2000',
    MAX_WAITING_SOCKETS: '2000',
    SUBSCRIPTION_GAP_MS: '0',
  });
  const { url } = server;
  await ask(url, ITEMS, { i: { items: Array.from({ length: 1_000 }, (_, item) => ({ id: `i${item}` })) } });
  const reader = readerOf('server-sent events', url, UPDATES, { variables: { userId: 'u' } });
  await until(() => reader.values.length === 1);
  const times: number[] = [];
  for (let click = 0; click < 200; click++) {
    const { length } = reader.values;
    const itemId = reader.values.at(-1).data.recommendationsUpdated.nodes[0].item.id as string;
    await ask(url, CLICK, { i: { interactions: [{ userId: 'u', itemId }] } });
    const answered = performance.now();
    await until(() => reader.values.length > length);
    times.push(performance.now() - answered);
  }
  times.sort((a, b) => a - b);
  console.log(`answered click to pushed list: p50 ${at(times, 0.5)} ms, p99 ${at(times, 0.99)} ms`);
  const before = residentMb(server.process.pid!);
  const idle = Array.from({ length: 1_000 }, (_, user) =>
    readerOf('a WebSocket', url, UPDATES, { variables: { userId: `idle-${user}` } }),
  );
  await until(() => idle.every(({ values }) => values.length > 0));
  const grown = residentMb(server.process.pid!) - before;
  console.log(`1,000 idle subscriptions over WebSockets: ${grown.toFixed(0)} MB more resident`);
  await server.kill('SIGTERM');
  process.exit(0);
});
