import { UNLIMITED } from '../../src/pipeline/budget.js';
import { Runner, type StageRun } from '../../src/pipeline/runner.js';

const stage = (rest: Partial<StageRun<number[]>> = {}): StageRun<number[]> => ({
  stage: 'STAGE',
  candidatesIn: 3,
  run: () => [1, 2],
  count: (result) => result.length,
  otherwise: [],
  instead: 'nothing',
  ...rest,
});
const fails = (error: unknown) => (): never => {
  throw error;
};

/** A runner whose clock moves on by one with each look, so that every stage takes one. */
function ticking(exceeded = UNLIMITED().exceeded): Runner {
  let now = 0;
  return new Runner({ exceeded }, () => now++);
}

describe('Runner', () => {
  it('gives the result and traces what went in, came out, was removed and how long it took', () => {
    const runner = ticking();
    const removed = [{ filter: 'seen', count: 1 }];
    expect(runner.required(stage({ removed: () => removed }))).toEqual([1, 2]);
    expect(runner.stages).toEqual([{ stage: 'STAGE', candidatesIn: 3, candidatesOut: 2, durationMs: 1, removed }]);
    expect(runner.degradations).toEqual([]);
  });

  it('keeps the stages in the order in which they ran, and their time within the total', () => {
    const runner = ticking();
    for (const name of ['ONE', 'TWO', 'THREE']) runner.optional(stage({ stage: name }));
    expect(runner.stages.map((trace) => trace.stage)).toEqual(['ONE', 'TWO', 'THREE']);
    expect(runner.totalMs).toBe(7);
  });

  it.each([
    [new Error('the cause'), 'the cause'],
    ['thrown text', 'thrown text'],
  ])('goes on with the stand-in of a stage that throws, and says so (%s)', (error, message) => {
    const runner = ticking();
    expect(runner.required(stage({ run: fails(error), otherwise: [9] }))).toEqual([9]);
    expect(runner.degradations).toEqual([{ stage: 'STAGE', code: 'STAGE_FAILED', message, instead: 'nothing' }]);
    expect(runner.stages).toMatchObject([{ candidatesOut: 1 }]);
    expect(runner.required(stage())).toEqual([1, 2]);
  });

  it('leaves out an optional stage past the budget, and runs a required one', () => {
    const runner = ticking(() => true);
    expect(runner.optional(stage({ run: fails('must not run'), otherwise: [9] }))).toEqual([9]);
    expect(runner.stages).toEqual([]);
    expect(runner.degradations).toMatchObject([{ stage: 'STAGE', code: 'BUDGET_EXCEEDED', instead: 'nothing' }]);
    expect(runner.required(stage())).toEqual([1, 2]);
    expect(runner.degradations).toHaveLength(1);
  });
});
