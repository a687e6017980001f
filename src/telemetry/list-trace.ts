/** How one list was made, without its items and without whom it was made for: what telemetry tells of it. */
import { type Slate } from '../engine/slate.js';
import { type Degradation, type StageTrace } from '../pipeline/trace.js';

export interface ListTrace {
  readonly scenario: string;
  readonly segment: Slate['segment'];
  /** Id of the snapshot that it was made with; null: before the first training. */
  readonly snapshot: string | null;
  readonly stages: readonly StageTrace[];
  readonly degradations: readonly Degradation[];
  readonly totalMs: number;
  /** Wall clock, ms. */
  readonly endedAt: number;
}

/** @param now wall clock, ms */
export function listTrace({ asked, segment, snapshot, degradations, trace }: Slate, now: number): ListTrace {
  const { stages, totalMs } = trace;
  const scenario = asked.query.scenario.name;
  return { scenario, segment, snapshot: snapshot?.id ?? null, stages, degradations, totalMs, endedAt: now };
}
