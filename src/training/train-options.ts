/** What a training works with. */
import { type SnapshotStore } from '../artifacts/snapshot-store.js';
import { type Scenario } from '../engine/scenario.js';
import { type EventSource } from '../events/event-source.js';
import { type UserRecords } from '../profiles/user-records.js';
import { type Baseline } from '../replay/baseline.js';
import { type StateSettings } from '../state/state-settings.js';
import { type AlsWorkers } from './als/als-workers.js';
import { type RankerSettings } from './ranker/ranker-settings.js';
import { type RankerWorkers } from './ranker/ranker-workers.js';

export interface TrainOptions {
  readonly source: EventSource;
  readonly settings: StateSettings;
  readonly records: UserRecords;
  readonly store: SnapshotStore;
  /** Whose hand-set weights hold where there is too little to fit. */
  readonly scenario: Scenario;
  readonly workers: AlsWorkers;
  readonly rankerWorkers: RankerWorkers;
  /** End of the data, ms, itself not among them; null: all of them. */
  readonly until: number | null;
  /** Lists asked for on each slice, at most. */
  readonly queries: number;
  readonly ranker: RankerOptions;
  /** Folder for what is finished, so that a training that was interrupted can go on. */
  readonly workFolder: string;
  /** Set beside it in the gate's figures; they decide nothing. */
  readonly baselines: readonly Baseline[];
  /** Time for the search of the factorisation's settings, which happens where the snapshot in use names none. */
  readonly searchMs: number;
  readonly seed: number;
  /** Wall clock, ms: when the snapshot is made. */
  readonly now: () => number;
  /** Monotonic, ms. */
  readonly clock: () => number;
  readonly signal?: AbortSignal | undefined;
  /** What is being done. */
  readonly onStage: (text: string) => void;
  readonly onProblem: (message: string) => void;
}

export interface RankerOptions {
  /** Lists that a ranker learns from, at most; 0: none is fitted. */
  readonly queries: number;
  /** Items that were not clicked, of each of these lists. */
  readonly negatives: number;
  readonly settings: RankerSettings;
  /** Whether to fit to parts of the lists too, to see what more of them bring. */
  readonly learningCurve: boolean;
}
