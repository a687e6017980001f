/**
 * Two replicas on one Redis and one Azurite, through every fault that the bench `test/bench/replicas.bench.ts` makes them suffer for
 * longer: no read fails, no acknowledged click is lost, and all is well again after.
 */
import { setTimeout } from 'node:timers/promises';
import { FAULTS, openWorld, run, type World } from '../support/faults-under-load.js';
import { ask, readiness, record, type Services, startServices } from '../support/replicas.js';
import { describeWithRedis } from '../support/redis.js';
import { type LogLine, startProcess, withFolder } from '../support/server.js';
import { until } from '../support/until.js';

jest.setTimeout(300_000);

const HISTORY = '{ user(id: "anna") { history { nodes { item { id } } } profile { attributes } } }';

interface Anna {
  readonly user: { readonly history: { readonly nodes: readonly { readonly item: { readonly id: string } }[] } } | null;
}

describeWithRedis('replicas', () => {
  describe('that share an event log', () => {
    let services: Services;
    beforeAll(async () => {
      services = await startServices();
    });
    afterAll(() => services.stop());

    it('see each other’s clicks, and wait for a position that a query names', async () => {
      const [one, other] = [await services.replica(), await services.replica()];
      await ask(one.url, 'mutation { upsertItems(input: { items: [{ id: "a" }, { id: "b" }] }) { accepted } }');
      const position = await record(one.url, [{ userId: 'bob', itemId: 'a' }]);
      const lists = await ask<{ recommendations: { nodes: readonly { readonly item: { readonly id: string } }[] } }>(
        other.url,
        `{ recommendations(userId: "bob", consistentWith: "${position}") { nodes { item { id } } } }`,
      );
      // What bob has read is not shown to him again.
      expect(lists.recommendations.nodes.map(({ item }) => item.id)).toEqual(['b']);
      await one.kill('SIGTERM');
      await other.kill('SIGTERM');
    });

    it('know what was recorded before they began, from a checkpoint that another has left and the log after it', async () => {
      const first = await services.replica({ CHECKPOINT_EVERY: '5' });
      await record(
        first.url,
        Array.from({ length: 20 }, (_, at) => ({ userId: `early-${at}`, itemId: 'a' })),
      );
      await first.kill('SIGTERM');
      const second = await services.replica();
      const position = await record(second.url, [{ userId: 'late', itemId: 'b' }]);
      const lines: LogLine[] = [];
      const third = await services.replica({}, (line) => lines.push(line));
      expect((await readiness(third.url)).position).toBe(position);
      expect(lines.filter(({ msg }) => msg.startsWith('checkpoint not used'))).toEqual([]);
      const { user } = await ask<Anna>(third.url, HISTORY.replace('anna', 'early-3'));
      expect(user!.history.nodes.map(({ item }) => item.id)).toEqual(['a']);
      await second.kill('SIGTERM');
      await third.kill('SIGTERM');
    });

    it('forget a person at all of them, and for those that begin later', async () => {
      const [one, other] = [await services.replica(), await services.replica()];
      await record(one.url, [{ userId: 'anna', itemId: 'a' }]);
      const forgotten = await ask<{ forgetUser: { logPosition: string } }>(
        other.url,
        'mutation { forgetUser(input: { userId: "anna" }) { logPosition } }',
      );
      await until(async () => (await readiness(one.url)).position >= Number(forgotten.forgetUser.logPosition));
      const late = await services.replica();
      for (const { url } of [one, other, late])
        expect((await ask<Anna>(url, HISTORY)).user?.history.nodes ?? []).toEqual([]);
      for (const replica of [one, other, late]) await replica.kill('SIGTERM');
    });

    it('name it, and answer with what they hold, while they have no word of the log', async () => {
      const replica = await services.replica();
      await record(replica.url, [{ userId: 'carol', itemId: 'a' }]);
      await services.redis.signal('SIGKILL');
      await until(async () => (await readiness(replica.url)).troubles.length > 0);
      expect(await readiness(replica.url)).toMatchObject({
        ready: true,
        troubles: [expect.stringMatching(/^no word of the event log for \d+ s$/)],
      });
      await ask(replica.url, '{ recommendations(userId: "carol") { nodes { rank } } }');
      await services.redis.restart();
      await until(async () => (await readiness(replica.url)).troubles.length === 0);
      await replica.kill('SIGTERM');
    });

    it('wait for Redis when they begin, and say so where it does not come', async () => {
      await services.redis.signal('SIGKILL');
      const waiting = services.replica();
      // It has tried to connect by then, and not only once.
      const patient = setTimeout(2_000);
      await withFolder(async (folder) => {
        const hasty = startProcess(folder, { ...services.environment, REDIS_WAIT_MS: '300' });
        await expect(hasty).rejects.toThrow('the server ended with 1 before it listened');
      });
      await patient;
      await services.redis.restart();
      const replica = await waiting;
      expect(await readiness(replica.url)).toMatchObject({ ready: true });
      await replica.kill('SIGTERM');
    });
  });

  describe('under load', () => {
    let world: World;
    beforeAll(async () => {
      world = await openWorld();
    });
    afterAll(() => world.close());

    it.each(FAULTS)('serve on, lose nothing and recover: $name', async (fault) => {
      const { tally, lost, doubled } = await run(world, fault, { seconds: 2, readers: 8, pauseMs: 20 });
      expect(tally.failed).toEqual({});
      expect(tally.reads).toBeGreaterThan(0);
      expect(tally.acknowledged.size).toBeGreaterThan(0);
      // A process that is killed takes the requests along that it was answering: at most one of each reader.
      expect(tally.cut).toBeLessThanOrEqual(fault.name.endsWith('SIGKILL') ? 8 : 0);
      expect({ lost, doubled }).toEqual({ lost: 0, doubled: 0 });
    });
  });
});
