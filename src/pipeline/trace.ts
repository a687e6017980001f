/** What happened in each stage of one run: how many went in and came out, who removed how many, how long it took. */

export interface Removal {
  readonly filter: string;
  readonly count: number;
}

export interface StageTrace {
  readonly stage: string;
  readonly candidatesIn: number;
  readonly candidatesOut: number;
  readonly durationMs: number;
  readonly removed: readonly Removal[];
}

/** What did not work, and what was done instead. */
export interface Degradation {
  readonly stage: string;
  readonly code: 'STAGE_FAILED' | 'BUDGET_EXCEEDED' | 'SLATE_NOT_KEPT' | 'HISTORY_UNAVAILABLE';
  readonly message: string;
  readonly instead: string | null;
}
