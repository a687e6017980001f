/**
 * Replicas on one real Redis and one Azurite: how soon a click at one changes the other's list; state hashes after many events of many
 * writers; and what faults do to traffic.
 * node --require ./test/support/register-swc.cjs test/bench/replicas.bench.ts visible [CLICKS=500]
 * ... hashes [EVENTS=200000] | faults [SECONDS=60] [only this one] | soak [MINUTES=20]
 */
import { setTimeout as wait } from 'node:timers/promises';
import { openRedisLog } from '../../src/events/redis-log.js';
import { seededRandom } from '../../src/math/random.js';
import { MemoryUserRecords } from '../../src/profiles/memory-user-records.js';
import { RedisConnection } from '../../src/remote/redis.js';
import { stateHash } from '../../src/state/checkpoint.js';
import { Follower } from '../../src/state/follower.js';
import { DEFAULT_STATE_SETTINGS } from '../../src/state/state-settings.js';
import { FAULTS, ITEMS, openWorld, type Outcome, run } from '../support/faults-under-load.js';
import { memoryOf } from '../support/memory-of.js';
import { startTraffic } from '../support/readers-and-writers.js';
import { ask, record, startServices } from '../support/replicas.js';
import { startRedis } from '../support/redis.js';
import { click } from '../support/state.js';
import { until } from '../support/until.js';

const quantiles = (values: readonly number[]): string => {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number): string => sorted[Math.floor((sorted.length - 1) * part)]!.toFixed(1);
  return `p50 ${at(0.5)}, p99 ${at(0.99)}, most ${at(1)} ms`;
};

const SEEN = 'query ($id: ID!) { recommendations(userId: $id, first: 100) { nodes { item { id } } } }';

/** From the moment a click is sent to one replica until a list of the other lacks the item, which its reader has seen now. */
async function visible(clicks: number): Promise<void> {
  const services = await startServices();
  const [one, other] = [await services.replica(), await services.replica()];
  const items = Array.from({ length: 50 }, (_, at) => `i${at}`);
  await ask(one.url, 'mutation ($input: UpsertItemsInput!) { upsertItems(input: $input) { accepted } }', {
    input: { items: items.map((id) => ({ id })) },
  });
  await record(
    one.url,
    items.map((itemId) => ({ userId: 'everybody', itemId })),
  );
  const fromSent: number[] = [];
  const fromAnswer: number[] = [];
  for (let n = 0; n < clicks; n++) {
    const id = `reader-${n}`;
    const itemId = items[n % items.length]!;
    const sentAt = performance.now();
    await record(one.url, [{ userId: id, itemId }]);
    const answeredAt = performance.now();
    await until(async () => {
      const { recommendations } = await ask<{ recommendations: { nodes: { item: { id: string } }[] } }>(
        other.url,
        SEEN,
        {
          id,
        },
      );
      return recommendations.nodes.every(({ item }) => item.id !== itemId);
    });
    fromSent.push(performance.now() - sentAt);
    fromAnswer.push(performance.now() - answeredAt);
  }
  console.log(
    `click at one replica until the other's list knows it, ${clicks} clicks (polled every 5 ms and a request)`,
  );
  console.log(`from sending: ${quantiles(fromSent)}; from the acknowledgement: ${quantiles(fromAnswer)}`);
  for (const replica of [one, other]) await replica.kill('SIGTERM');
  await services.stop();
}

/** Two followers while 8 writers append, and a third that folds all of it after. */
async function hashes(events: number): Promise<void> {
  const server = await startRedis(['--appendfsync', 'everysec']);
  const open = async (): Promise<{ log: Awaited<ReturnType<typeof openRedisLog>>; close: () => Promise<void> }> => {
    const redis = new RedisConnection({ url: server.url, timeoutMs: 10_000 });
    const log = await openRedisLog({ redis, timeoutMs: 10_000 });
    const close = async (): Promise<void> => {
      await log.close();
      await redis.close();
    };
    return { log, close };
  };
  const settings = DEFAULT_STATE_SETTINGS;
  const follow = async (): Promise<{ follower: Follower; close: () => Promise<void> }> => {
    const { log, close } = await open();
    const follower = await Follower.open({ log, settings, records: new MemoryUserRecords(), checkpoints: null });
    follower.follow(50);
    return { follower, close };
  };
  const followers = [await follow(), await follow()];
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: 8 }, async (_, writer) => {
      const { log, close } = await open();
      const random = seededRandom(writer + 1);
      for (let sent = 0; sent < events / 8; sent += 50) {
        await log.append(
          Array.from({ length: 50 }, (_, at) =>
            click(`u${random.below(5_000)}`, `i${random.below(500)}`, (sent + at) / 10, {
              id: `${writer}-${sent + at}`,
            }),
          ),
        );
      }
      await close();
    }),
  );
  const appended = performance.now() - startedAt;
  await until(() => followers.every(({ follower }) => follower.state.position === events && follower.lag === 0));
  const late = await follow();
  const all = [...followers, late];
  console.log(
    `${events} events of 8 writers in ${(appended / 1_000).toFixed(1)} s, followed by two and folded by a third after`,
  );
  for (const { follower } of all) console.log(`position ${follower.state.position}, hash ${stateHash(follower.state)}`);
  for (const { follower, close } of all) {
    await follower.close();
    await close();
  }
  await server.stop();
}

function tell({ name, tally, recoveryMs, lost, doubled }: Outcome): void {
  const counts = (of: Readonly<Record<string, number>>): string =>
    Object.entries(of)
      .map(([what, times]) => `${times} ${what}`)
      .join(', ') || 'none';
  const failed = Object.values(tally.failed).reduce((sum, times) => sum + times, 0);
  console.log(`${name}: ${tally.reads} reads, ${failed} failed (${counts(tally.failed)}), ${tally.cut} cut`);
  console.log(`  degraded: ${counts(tally.degraded)}; reads ${quantiles(tally.readMs)}`);
  console.log(
    `  ${tally.acknowledged.size} writes acknowledged after ${tally.retries} retries, ${lost} lost, ${doubled} twice`,
  );
  console.log(`  all well ${recoveryMs.toFixed(0)} ms after the end of the fault`);
}

async function faults(seconds: number, only: string | undefined): Promise<void> {
  const world = await openWorld();
  for (const fault of FAULTS.filter(({ name }) => only === undefined || name === only)) {
    tell(await run(world, fault, { seconds, readers: 32, pauseMs: 100 }));
  }
  await world.close();
}

/** Half of what the machine can take, with the faults that leave all processes alive, by turns. */
async function soak(minutes: number): Promise<void> {
  const world = await openWorld();
  const mild = FAULTS.filter(({ name }) => !name.startsWith('replica'));
  const traffic = startTraffic({ url: world.balancer.url, readers: 16, writers: 4, pauseMs: 100, items: ITEMS });
  for (let minute = 1; minute <= minutes; minute++) {
    const endsAt = performance.now() + 60_000;
    const fault = mild[minute % mild.length]!;
    await wait(20_000);
    await fault.begin(world);
    await wait(10_000);
    await fault.end(world);
    await wait(Math.max(0, endsAt - performance.now()));
    if (minute % 5 !== 0 && minute !== minutes) continue;
    const memory = world.replicas.map(({ process }) => memoryOf(process.pid!));
    const told = memory.map(({ whole, own }) => `${whole.toFixed(0)} MB (${own.toFixed(0)} its own)`).join(', ');
    const { reads, failed, acknowledged } = traffic.tally;
    console.log(
      `minute ${minute}: resident ${told}; ${reads} reads, failed ${JSON.stringify(failed)}, ${acknowledged.size} writes`,
    );
  }
  await traffic.stop();
  await world.close();
}

const [what = 'visible', first, second] = process.argv.slice(2);
const number = (otherwise: number): number => Number(first ?? otherwise);
const RUNS: Readonly<Record<string, () => Promise<void>>> = {
  visible: () => visible(number(500)),
  hashes: () => hashes(number(200_000)),
  faults: () => faults(number(60), second),
  soak: () => soak(number(20)),
};
void RUNS[what]!().then(() => process.exit(0));
