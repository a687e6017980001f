/**
 * What else people read who recently read what this reader read: nearest neighbours over sessions and histories, weighted
 * by how recent the shared item is for the reader (VMIS-kNN: Kersbergen, Sprangers and Schelter 2022) and by how
 * long ago the neighbour read the other one. Scores are shares of everything that the neighbours read.
 */
import { topK } from '../../math/top-k.js';
import { DISLIKE } from '../../state/histories.js';
import { type LiveState } from '../../state/live-state.js';
import { type ResolvedQuery } from '../query.js';
import { bestItems, type Retrieved, scoreItems, type Source, type World } from '../source.js';

/** Last items whose readers are asked, and how many of the most recent readers of each. */
const SEEDS = 5;
const READERS = 100;
const NEIGHBOURS = 80;
/** Most recent interactions of a neighbour that count. */
const READ = 10;
/** Age at which what a neighbour read counts half. */
const AGE_MS = 3 * 3_600_000;
const CHUNK = 16;

export const userNeighbours: Source = {
  name: 'USER_NEIGHBOURS',

  retrieve(query, world, { quota, budget }): Retrieved {
    const { state, workspace } = world;
    const scores = workspace.scores.USER_NEIGHBOURS;
    scores.reset(state.items.count);
    const found: number[] = [];
    let total = 0;
    let cut = false;
    for (const [rank, { user, weight }] of neighboursOf(query, world).entries()) {
      cut ||= rank % CHUNK === 0 && budget.exceeded();
      if (cut) break;
      total += readings(query, state, user, (item, recency) => {
        if (!scores.has(item)) found.push(item);
        scores.set(item, scores.get(item, 0) + weight * recency);
        return weight * recency;
      });
    }
    const score = (item: number): number => (total === 0 ? 0 : scores.get(item, 0) / total);
    return { items: bestItems(found, score, quota), score, cut };
  },
};

/** The users who share most with the reader, best first; ties by index. */
function neighboursOf(query: ResolvedQuery, { state, workspace }: World): readonly { user: number; weight: number }[] {
  const { users } = workspace;
  users.reset(state.users.indexes);
  const found: number[] = [];
  for (const { item, weight } of query.seeds.slice(0, SEEDS)) {
    const readers = state.readers.of(item);
    for (let at = readers.length - 1; at >= Math.max(0, readers.length - READERS); at--) {
      const user = readers[at]!;
      if (user === query.userIndex) continue;
      if (!users.has(user)) found.push(user);
      users.set(user, users.get(user, 0) + weight);
    }
  }
  const weights = scoreItems(found, (user) => users.get(user, 0));
  return Array.from(topK(weights, found.length, NEIGHBOURS, found), (at) => ({
    user: found[at]!,
    weight: weights[at]!,
  }));
}

/**
 * Calls back with each item of the neighbour's recent history but the seeds, and adds up what it returns. A user index
 * out of an old list may belong to somebody else by now: a history without any seed is passed over.
 */
function readings(
  { seeds, asOf }: ResolvedQuery,
  state: LiveState,
  user: number,
  callback: (item: number, recency: number) => number,
): number {
  const { length, item: items, type: types, at: times } = state.users.history(user);
  if (!seeds.some(({ item }) => items.includes(item))) return 0;
  let sum = 0;
  for (let offset = length - 1; offset >= Math.max(0, length - READ); offset--) {
    const item = items[offset]!;
    if (types[offset] === DISLIKE || seeds.some((seed) => seed.item === item)) continue;
    const age = Math.max(0, asOf - times[offset]!);
    sum += callback(item, 1 / (1 + age / AGE_MS));
  }
  return sum;
}
