/** Queries for tests, given by what differs, and the ids of what they are answered with. */
import { type Query } from '../../src/engine/query.js';
import { createEngine, type EngineParts } from '../../src/engine/recommend.js';
import { BUILT_IN_SCENARIOS } from '../../src/engine/scenario.js';
import { type Slate } from '../../src/engine/slate.js';
import { UNLIMITED } from '../../src/pipeline/budget.js';
import { type LiveState } from '../../src/state/live-state.js';
import { MINUTE, NOON } from './state.js';

export function queryOf(rest: Partial<Query> = {}): Query {
  return {
    id: 'slate-1',
    userId: null,
    sessionId: null,
    seedItems: null,
    context: null,
    scenario: BUILT_IN_SCENARIOS[0]!,
    filter: null,
    now: NOON + 60 * MINUTE,
    size: 100,
    startBudget: UNLIMITED,
    ...rest,
  };
}

/** The slate for one query; throws what the engine answers in place of one. */
export function recommendOne(state: LiveState, rest: Partial<Query> = {}, parts: Partial<EngineParts> = {}): Slate {
  const [slate] = createEngine({ clock: () => 0, ...parts }).recommend([queryOf(rest)], state, null);
  if (slate instanceof Error) throw slate;
  return slate!;
}

export function idsOf(slate: Slate, state: LiveState): string[] {
  return [...slate.items].map((item) => state.items.id(item));
}
