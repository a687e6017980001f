import { type WeightRule } from '../../../src/engine/als/history-weights.js';
import { DEFAULT_STATE_SETTINGS } from '../../../src/state/state-settings.js';
import { type StateMatrix, stateMatrix } from '../../../src/training/als/state-matrix.js';
import { click, MINUTE, NOON, stateOf } from '../../support/state.js';

const RULE: WeightRule = { types: DEFAULT_STATE_SETTINGS.weights, halfLifeMs: 60 * MINUTE, asOf: NOON + 60 * MINUTE };

/** Weight of each item by id in a row. */
function rowOf({ matrix, itemIds }: StateMatrix, row: number): Record<string, number> {
  const found: Record<string, number> = {};
  for (let at = matrix.starts[row]!; at < matrix.starts[row + 1]!; at++)
    found[itemIds[matrix.indexes[at]!]!] = matrix.weights[at]!;
  return found;
}

describe('stateMatrix', () => {
  const state = stateOf([
    { kind: 'item', itemId: 'unread', at: NOON },
    click('a', 'x', 0),
    { kind: 'profile', userId: 'silent', context: {}, at: NOON },
    click('looks', 'y', 1, { type: 'IMPRESSION' }),
    click('b', 'z', 60),
    click('b', 'x', 60),
    click('b', 'z', 60, { type: 'LIKE' }),
    click('dislikes', 'w', 60, { type: 'DISLIKE' }),
  ]);
  const built = stateMatrix(state, RULE);

  it('has a row for each user whose history weighs something, and a column for each item in one', () => {
    expect(built.itemIds).toEqual(['x', 'z']);
    expect([built.matrix.rows, built.matrix.columns]).toEqual([2, 2]);
    const indexOf = (id: string): number => state.users.read([id], state.position)[0]!.index;
    expect([...built.users]).toEqual([indexOf('a'), indexOf('b')]);
  });

  it('adds up what a user did with one item, each by its type and age', () => {
    expect(rowOf(built, 0)).toEqual({ x: 0.5 });
    expect(rowOf(built, 1)).toEqual({ x: 1, z: 3 });
    expect(built.matrix.indexes).toHaveLength(3);
  });

  it('is empty for an empty state', () => {
    const { matrix, itemIds } = stateMatrix(stateOf([]), RULE);
    expect([matrix.rows, matrix.columns, itemIds]).toEqual([0, 0, []]);
  });

  it('forgets who is forgotten', () => {
    const forgetful = stateOf([click('a', 'x', 0), click('b', 'z', 0), { kind: 'forget', userId: 'a', at: NOON }]);
    expect(stateMatrix(forgetful, RULE).itemIds).toEqual(['z']);
  });
});
