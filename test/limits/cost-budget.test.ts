import { join } from 'node:path';
import { type RequestContext } from '../../src/context.js';
import { caller, type Role } from '../../src/identity/caller.js';
import { costBudget } from '../../src/limits/cost-budget.js';
import { type Counters } from '../../src/limits/counters.js';
import { LmdbCounters } from '../../src/limits/lmdb-counters.js';
import { withFolder } from '../support/server.js';

function contextOf(roles: readonly Role[], userId: string | null): RequestContext {
  const responseHeaders = new Map<string, string>();
  return {
    caller: caller('key:a', roles, userId),
    limitKey: `key:a ${userId}`,
    responseHeaders,
  } as unknown as RequestContext;
}

it.each([
  ['at once', (counters: Counters): Counters => counters],
  ['later', (counters: Counters): Counters => ({ ...counters, add: async (...added) => counters.add(...added) })],
])(
  'lets each user of a client spend its points of a minute, and a back-end what it likes, counted %s',
  async (_, as) => {
    await withFolder(async (folder) => {
      let now = 90_000;
      const clock = (): number => now;
      const counters = new LmdbCounters({ folder: join(folder, 'limits'), clock });
      const budget = costBudget(100, as(counters));
      const spend = async (context: RequestContext, points: number): Promise<void> => budget(context, points);
      const reader = contextOf(['client'], 'u1');
      await spend(reader, 60);
      await spend(reader, 40);
      await expect(spend(reader, 1)).rejects.toMatchObject({
        code: 'RATE_LIMITED',
        message: 'operations of 100 points a minute are allowed; ask again in 30 s',
      });
      expect(reader.responseHeaders.get('retry-after')).toBe('30');
      await spend(contextOf(['client'], 'u2'), 100);
      await spend(contextOf(['client', 'server'], null), 1_000);
      now = 120_000;
      await spend(reader, 100);
      await counters.close();
    });
  },
);
