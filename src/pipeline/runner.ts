/**
 * Runs the stages of one request one after another: times each, records its trace and turns an exception into a
 * degradation, so that the stages after it go on with what there is.
 */
import { type Budget } from './budget.js';
import { Cancelled } from './cancelled.js';
import { type Degradation, type Removal, type StageTrace } from './trace.js';

export interface StageRun<Result> {
  readonly stage: string;
  readonly candidatesIn: number;
  readonly run: () => Result;
  /** How many candidates the result holds. */
  readonly count: (result: Result) => number;
  readonly removed?: (result: Result) => readonly Removal[];
  /** What stands in where the stage fails, and how that reads in the answer. */
  readonly otherwise: Result;
  readonly instead: string;
}

export class Runner {
  readonly stages: StageTrace[] = [];
  readonly degradations: Degradation[] = [];
  private readonly startedAt: number;

  constructor(
    readonly budget: Budget,
    private readonly clock: () => number,
  ) {
    this.startedAt = clock();
  }

  /** Runs a stage that may be left out: past the budget it is, and the answer says so. */
  optional<Result>(stage: StageRun<Result>): Result {
    if (!this.budget.exceeded()) return this.required(stage);
    this.degrade(stage.stage, 'BUDGET_EXCEEDED', 'left out: the time for this request was over', stage.instead);
    return stage.otherwise;
  }

  /** Runs a stage; where it throws, its stand-in is the result. @throws Cancelled before it, where nobody waits any more */
  required<Result>({ stage, candidatesIn, run, count, removed, otherwise, instead }: StageRun<Result>): Result {
    if (this.budget.cancelled?.() === true) throw new Cancelled();
    const from = this.clock();
    let result = otherwise;
    try {
      result = run();
    } catch (error) {
      this.degrade(stage, 'STAGE_FAILED', error instanceof Error ? error.message : String(error), instead);
    }
    const durationMs = this.clock() - from;
    this.stages.push({
      stage,
      candidatesIn,
      candidatesOut: count(result),
      durationMs,
      removed: removed?.(result) ?? [],
    });
    return result;
  }

  /** Notes that a stage stopped early of itself. */
  degrade(stage: string, code: Degradation['code'], message: string, instead: string | null): void {
    this.degradations.push({ stage, code, message, instead });
  }

  get totalMs(): number {
    return this.clock() - this.startedAt;
  }
}
