/** What a thread knows of the fit that it works on. */
import { type Team } from '../workers/team.js';
import { type FeatureBins } from './feature-bins.js';
import { type RankerKernel } from './ranker-kernel.js';
import { type RankerMemory } from './ranker-memory.js';
import { type RankerSettings } from './ranker-settings.js';
import { type Phase, type Phases } from './ranker-task.js';

export interface RankerThread {
  /** From 0. */
  readonly worker: number;
  readonly memory: RankerMemory;
  readonly kernel: RankerKernel;
  readonly team: Team;
  readonly settings: RankerSettings;
  /** Features in use. */
  readonly features: readonly FeatureBins[];
  readonly laps: Laps;
}

/** A watch that books all time since it was last looked at. */
export class Laps {
  phases: Phases = noTime();
  private since = 0;

  start(): void {
    this.phases = noTime();
    this.since = performance.now();
  }

  lap(phase: Phase): void {
    const now = performance.now();
    this.phases[phase] += now - this.since;
    this.since = now;
  }
}

export function noTime(): Phases {
  return { gradients: 0, histograms: 0, search: 0, partition: 0, scores: 0, waiting: 0 };
}

/** Waits for the other threads. @throws Stopped */
export function meet({ team, laps }: RankerThread): void {
  team.meet();
  laps.lap('waiting');
}
