import { budgetOf, UNLIMITED } from '../../src/pipeline/budget.js';

describe('budgetOf', () => {
  it('is exceeded once more than the limit has passed since it was made', () => {
    let now = 100;
    const budget = budgetOf(50, () => now)();
    const exceeded = [100, 149, 150, 150.5, 1_000].map((at) => {
      now = at;
      return budget.exceeded();
    });
    expect(exceeded).toEqual([false, false, false, true, true]);
  });

  it('of nothing is exceeded with the first tick, and no limit never', () => {
    let now = 0;
    const none = budgetOf(0, () => now)();
    expect(none.exceeded()).toBe(false);
    now = 1;
    expect([none.exceeded(), UNLIMITED().exceeded()]).toEqual([true, false]);
  });
});
