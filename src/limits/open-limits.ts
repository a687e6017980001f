/** What the settings ask for of limits, as parts of the server. */
import { join } from 'node:path';
import { type FastifyInstance } from 'fastify';
import { type GraphQLSchema, type ValidationRule } from 'graphql';
import { type Config, ConfigError } from '../config.js';
import { type OperationHooks } from '../graphql/operation-hooks.js';
import { costBudget } from './cost-budget.js';
import { dailyQuota } from './daily-quota.js';
import { documentLimits } from './document-limits.js';
import { LmdbCounters } from './lmdb-counters.js';
import { operationCost } from './operation-cost.js';
import { type RefusalBudget, refusalBudget } from './refusal-budget.js';
import { ENTITY_LIMITS } from './rate-limits.js';
import { limiting, withRateLimits } from './rate-limited-schema.js';
import { statusOfLimits } from './status-of-limits.js';

export interface Limits {
  readonly schema: GraphQLSchema;
  readonly rules: readonly ValidationRule[];
  readonly hooks: readonly OperationHooks[];
  /** Null: refusals are not counted. */
  readonly refusals: RefusalBudget | null;
  close(): Promise<void>;
}

/** @throws ConfigError where a limit names a field that there is not */
export function openLimits(config: Config, schema: GraphQLSchema, app: FastifyInstance): Limits {
  const rules = documentLimits(config);
  const shown = shownLimits(config, schema);
  if (!config.rateLimit) {
    const hooks = [operationCost(config.maxCost)];
    return { schema: shown, rules, hooks, refusals: null, close: () => Promise.resolve() };
  }
  const clock = (): number => Date.now();
  const counters = new LmdbCounters({ folder: join(config.dataFolder, 'limits'), clock });
  const refusals = refusalBudget(app, { most: config.maxRefused, counters, clock });
  return {
    refusals,
    schema: limiting(shown, { counters, clock }),
    rules,
    hooks: [
      refusals.hooks,
      operationCost(config.maxCost, costBudget(config.clientCost, counters, clock)),
      ...(config.dailyQuota > 0 ? [dailyQuota(config.dailyQuota, counters, clock)] : []),
      statusOfLimits,
    ],
    close: () => counters.close(),
  };
}

function shownLimits({ rateLimits, federation }: Config, schema: GraphQLSchema): GraphQLSchema {
  try {
    return withRateLimits(schema, federation ? { ...ENTITY_LIMITS, ...rateLimits } : rateLimits);
  } catch (error) {
    throw new ConfigError((error as Error).message);
  }
}
