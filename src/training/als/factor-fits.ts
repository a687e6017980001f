/** Factors of a state at several moments of one training, with settings that are searched for at most once in it. */
import { type AlsParts } from '../../engine/als/als-model.js';
import { type LiveState } from '../../state/live-state.js';
import { type TrainOptions } from '../train-options.js';
import { type AlsSettings } from './als-settings.js';
import { fitState, searchState } from './fit-state.js';
import { stateMatrix } from './state-matrix.js';

/** Settings of the factorisation, and how many pairs they were found on. */
export interface FoundSettings {
  readonly settings: AlsSettings;
  readonly pairs: number;
}

const DAY_MS = 86_400_000;
/** Half-life of an interaction's weight, as part of the time of all data; a day at least. */
const HALF_LIFE_PART = 0.4;
/** When there are so many times the pairs that settings were found on, they are searched again. */
const OUTGROWN = 4;

type Options = Pick<TrainOptions, 'workers' | 'signal' | 'seed' | 'searchMs' | 'onStage' | 'settings'>;

export class FactorFits {
  /** Whether it is settled for this training if settings that were found before still serve. */
  private isChecked = false;

  constructor(
    private readonly options: Options,
    public found: FoundSettings | null,
  ) {}

  /** Factors of the state as it stands, which knows nothing from `asOf` on; null where it is too small. */
  async fit(
    state: LiveState,
    { asOf, spanMs }: { readonly asOf: number; readonly spanMs: number },
  ): Promise<AlsParts | null> {
    const { workers, signal, seed, searchMs: timeMs, onStage, settings: stateSettings } = this.options;
    const halfLifeMs = Math.max(DAY_MS, HALF_LIFE_PART * spanMs);
    const world = stateMatrix(state, { types: stateSettings.weights, halfLifeMs, asOf });
    const pairs = world.matrix.indexes.length;
    const isOutgrown = this.found !== null && !this.isChecked && pairs >= OUTGROWN * this.found.pairs;
    this.isChecked = true;
    if (this.found === null || isOutgrown) {
      onStage('searching settings of the factorisation');
      const settings = await searchState(world, { workers, signal, seed, timeMs });
      if (settings === null) return null;
      this.found = { settings, pairs };
    }
    onStage('fitting factors');
    return fitState(world, this.found.settings, { workers, signal });
  }
}
