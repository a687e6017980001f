/** A real cluster of two nodes, each with half of the slots. */
import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from './free-port.js';
import { type RedisServer, startRedis } from './redis.js';

export interface RedisCluster {
  readonly nodes: readonly RedisServer[];
  /** As the setting takes it. */
  readonly url: string;
  stop(): Promise<void>;
}

const HALVES = [
  ['0', '8191'],
  ['8192', '16383'],
];

export async function startRedisCluster(): Promise<RedisCluster> {
  const buses: number[] = [];
  const nodes: RedisServer[] = [];
  for (const [first, last] of HALVES) {
    const bus = await freePort();
    const node = await startRedis(['--cluster-enabled', 'yes', '--cluster-port', `${bus}`]);
    await asked(node, (client) => client.call('CLUSTER', 'ADDSLOTSRANGE', first!, last!));
    buses.push(bus);
    nodes.push(node);
  }
  const [one, two] = nodes as [RedisServer, RedisServer];
  await asked(one, (client) => client.call('CLUSTER', 'MEET', '127.0.0.1', two.port, buses[1]!));
  for (const node of nodes) {
    const isWhole = async (client: Redis): Promise<boolean> => {
      const info = String(await client.call('CLUSTER', 'INFO'));
      return info.includes('cluster_state:ok') && info.includes('cluster_slots_assigned:16384');
    };
    while (!(await asked(node, isWhole))) await wait(20);
  }
  return {
    nodes,
    url: nodes.map(({ url }) => url).join(),
    async stop() {
      for (const node of nodes) await node.stop();
    },
  };
}

async function asked<Result>({ url }: RedisServer, ask: (client: Redis) => Promise<Result>): Promise<Result> {
  const client = new Redis(url);
  try {
    return await ask(client);
  } finally {
    client.disconnect();
  }
}
