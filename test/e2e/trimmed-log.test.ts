import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { appendArchive } from '../../src/datasets/archive/append-archive.js';
import { readConfig } from '../../src/config.js';
import { readEvents } from '../../src/datasets/import/read-events.js';
import { type InteractionEvent } from '../../src/events/event.js';
import { LogTrimmedError } from '../../src/events/log.js';
import { RedisArchive } from '../../src/events/redis-archive.js';
import { openGateway, type OpenGateway } from '../../src/open-gateway.js';
import { stateHash } from '../../src/state/checkpoint.js';
import { type AzuriteServer, startAzurite } from '../support/azurite.js';
import { newContainer } from '../support/blobs.js';
import { randomEvents } from '../support/random-events.js';
import { describeWithRedis, type RedisServer, startRedis } from '../support/redis.js';
import { withFolder } from '../support/server.js';

const EVENTS = randomEvents({ seed: 7, count: 900, users: 30 }).map(({ event }) => event);
const TIMEOUT_MS = 5_000;

async function interactionsIn(folder: string): Promise<readonly InteractionEvent[]> {
  const found: InteractionEvent[] = [];
  for (const name of (await readdir(folder)).filter((one) => one.endsWith('.parquet')).toSorted()) {
    const options = { format: 'archive', kind: 'interactions', now: Number.MAX_SAFE_INTEGER, strict: true } as const;
    for await (const { events } of readEvents({ ...options, file: join(folder, name) })) {
      found.push(...(events as readonly InteractionEvent[]));
    }
  }
  return found;
}

describeWithRedis('a log in Redis that is trimmed behind checkpoints and archive', () => {
  let redis: RedisServer;
  let azurite: AzuriteServer;
  beforeAll(async () => {
    azurite = await startAzurite();
  });
  beforeEach(async () => {
    redis = await startRedis(['--appendfsync', 'no']);
  });
  afterEach(() => redis.stop());
  afterAll(() => azurite.stop());

  interface Replicas {
    readonly open: (name: string, more?: NodeJS.ProcessEnv) => Promise<OpenGateway>;
    /** As `recograph archive` does, up to the end of the log. */
    readonly archiveAll: () => Promise<void>;
    /** As if it had come to the position. */
    readonly archive: (position: number) => Promise<void>;
    readonly archived: () => Promise<readonly InteractionEvent[]>;
    readonly told: string[];
  }

  /** Servers of one log: each has a folder of its own, and only what is shared in common. */
  async function withReplicas(run: (replicas: Replicas) => Promise<void>): Promise<void> {
    const shared = {
      REDIS_URL: redis.url,
      REDIS_TIMEOUT_MS: `${TIMEOUT_MS}`,
      AZURE_STORAGE_CONNECTION_STRING: azurite.connectionString,
      AZURE_STORAGE_CONTAINER: newContainer(),
      LOG_TRIM: 'archived',
    };
    const opened: OpenGateway[] = [];
    const told: string[] = [];
    await withFolder(async (folder) => {
      const open = async (name: string, more = {}): Promise<OpenGateway> => {
        const config = readConfig({ ...shared, ...more }, { dataFolder: join(folder, name) });
        const one = await openGateway(config, (message) => told.push(message));
        opened.push(one);
        return one;
      };
      const archive = async (position: number): Promise<void> => {
        const claim = new RedisArchive({ redis: opened[0]!.redis! });
        await claim.claim('the archive');
        await claim.acknowledge(position);
        await claim.release();
      };
      const archived = (): Promise<readonly InteractionEvent[]> => interactionsIn(join(folder, 'archive'));
      const archiveAll = async (): Promise<void> => {
        const { log, redis } = opened[0]!;
        const claim = new RedisArchive({ redis: redis! });
        await appendArchive({ log, archive: claim, folder: join(folder, 'archive') });
      };
      try {
        await run({ open, archive, archiveAll, archived, told });
      } finally {
        for (const one of opened) await one.close();
      }
    });
  }

  const append = async ({ log }: OpenGateway, from: number, to: number): Promise<void> =>
    void (await log.append(EVENTS.slice(from, to)));

  const firstOf = async ({ log }: OpenGateway): Promise<number> => {
    const error: unknown = await log.read(0, 1).then(
      ([entry]) => new LogTrimmedError(0, entry!.position),
      (refusal: unknown) => refusal,
    );
    return (error as LogTrimmedError).first;
  };

  const foldAndCheckpoint = async ({ follower }: OpenGateway): Promise<void> => {
    await follower.catchUp();
    await follower.checkpoint();
  };

  it('keeps one that was paused and fell behind: it begins again from the checkpoint and has the same state', () =>
    withReplicas(async ({ open, archiveAll, told }) => {
      const [writer, paused] = [await open('writer'), await open('paused')];
      await append(writer, 0, 100);
      await Promise.all([writer, paused].map(({ follower }) => follower.catchUp()));
      for (const [from, to] of [
        [100, 500],
        [500, 800],
      ] as const) {
        await append(writer, from, to);
        await archiveAll();
        await foldAndCheckpoint(writer);
      }
      expect(await firstOf(writer)).toBe(500);
      await append(writer, 800, 900);
      await writer.follower.catchUp();
      expect(paused.follower.state.position).toBe(100);
      expect(told).toEqual([]);
      await paused.follower.catchUp();
      expect(told).toEqual([
        "the state is folded anew: the event log begins at position 500, so it can't be read from behind 100",
      ]);
      const positions = [writer, paused].map(({ follower }) => follower.state.position);
      expect(positions).toEqual([900, 900]);
      expect(stateHash(paused.follower.state)).toBe(stateHash(writer.follower.state));
      const fresh = await open('fresh');
      expect(stateHash(fresh.follower.state)).toBe(stateHash(writer.follower.state));
    }));

  it('keeps the entry at the oldest checkpoint, and everything that is not archived', () =>
    withReplicas(async ({ open, archive }) => {
      const one = await open('one');
      await append(one, 0, 300);
      await foldAndCheckpoint(one);
      expect(await firstOf(one)).toBe(1);
      await archive(200);
      await append(one, 300, 400);
      await foldAndCheckpoint(one);
      expect(await firstOf(one)).toBe(200);
      await archive(400);
      await append(one, 400, 500);
      await foldAndCheckpoint(one);
      expect(await firstOf(one)).toBe(400);
      expect((await one.log.read(399, 1))[0]!.event).toEqual(EVENTS[399]);
    }));

  it('leaves nobody in the archive who was forgotten, under none of their ids', () =>
    withReplicas(async ({ open, archiveAll, archived }) => {
      const one = await open('one');
      const at = Date.now();
      const clicks = ['ann', 'visitor', 'bob'].map((userId): InteractionEvent => ({
        kind: 'interaction',
        userId,
        itemId: 'a',
        type: 'CLICK',
        at,
        sessionId: userId,
      }));
      await one.log.append([...clicks, { kind: 'merge', fromUserId: 'visitor', intoUserId: 'ann', at }]);
      await archiveAll();
      await foldAndCheckpoint(one);
      expect(await firstOf(one)).toBe(4);
      expect(await archived()).toEqual(clicks);
      await one.gateway.forget('ann', at);
      await archiveAll();
      const after = await archived();
      expect(after.map(({ itemId }) => itemId)).toEqual(['a', 'a', 'a']);
      const pseudonym = expect.stringMatching(/^erased-/) as string;
      expect(after.map(({ userId }) => userId)).toEqual([pseudonym, pseudonym, 'bob']);
      expect(JSON.stringify(after)).not.toMatch(/ann|visitor/);
    }));

  it('keeps a server from starting whose settings no checkpoint fits, rather than forgetting what went', () =>
    withReplicas(async ({ open, archive }) => {
      const one = await open('one');
      await append(one, 0, 300);
      await archive(300);
      await foldAndCheckpoint(one);
      expect(await firstOf(one)).toBe(300);
      await expect(open('other', { HISTORY_LENGTH: '7' })).rejects.toMatchObject({ code: 'LOG_TRIMMED' });
    }));

  it('loses nothing while LOG_TRIM is off, which it is unless it is set', () =>
    withReplicas(async ({ open, archive }) => {
      const one = await open('one', { LOG_TRIM: undefined });
      await append(one, 0, 300);
      await archive(300);
      await foldAndCheckpoint(one);
      expect(await firstOf(one)).toBe(1);
    }));

  it('loses nothing where checkpoints are not shared, and a server says so', () =>
    withReplicas(async ({ open, archive, told }) => {
      const one = await open('one', { AZURE_STORAGE_CONNECTION_STRING: undefined });
      expect(told).toEqual([
        'LOG_TRIM is for an event log in Redis with checkpoints in Blob Storage: nothing is trimmed',
      ]);
      await append(one, 0, 300);
      await archive(300);
      await foldAndCheckpoint(one);
      expect(await firstOf(one)).toBe(1);
    }));
});
