/** What the settings ask for of limits, as parts of the server. */
import { type FastifyInstance } from 'fastify';
import { type GraphQLSchema, type ValidationRule } from 'graphql';
import { type Config, ConfigError } from '../config.js';
import { type OperationHooks } from '../graphql/operation-hooks.js';
import { costBudget } from './cost-budget.js';
import { type Counters } from './counters.js';
import { dailyQuota } from './daily-quota.js';
import { documentLimits } from './document-limits.js';
import { withKeyRateLimits } from './key-rate-limits.js';
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
}

export interface LimitsParts {
  readonly config: Config;
  readonly schema: GraphQLSchema;
  /** Null: nothing is counted. */
  readonly counters: Counters | null;
  /** Whose requests may be refused. */
  readonly app: FastifyInstance;
}

/** @throws ConfigError where a limit names a field that there is not */
export function openLimits({ config, schema, counters, app }: LimitsParts): Limits {
  const rules = documentLimits(config);
  const shown = shownLimits(config, schema);
  if (counters === null) return { schema: shown, rules, hooks: [operationCost(config.maxCost)], refusals: null };
  const refusals = refusalBudget(app, config.maxRefused, counters);
  const ofKeys = known(() => withKeyRateLimits(shown, config.keyRateLimits, counters));
  return {
    refusals,
    schema: limiting(ofKeys, counters),
    rules,
    hooks: [
      refusals.hooks,
      operationCost(config.maxCost, costBudget(config.clientCost, counters)),
      ...(config.dailyQuota > 0 ? [dailyQuota(config.dailyQuota, counters)] : []),
      statusOfLimits,
    ],
  };
}

function shownLimits({ rateLimits, federation }: Config, schema: GraphQLSchema): GraphQLSchema {
  return known(() => withRateLimits(schema, federation ? { ...ENTITY_LIMITS, ...rateLimits } : rateLimits));
}

/** @throws ConfigError */
function known(limited: () => GraphQLSchema): GraphQLSchema {
  try {
    return limited();
  } catch (error) {
    throw new ConfigError((error as Error).message);
  }
}
