/**
 * A learned ranker ready to serve: trees over the features that they name. Scores of a batch are raw sums of leaves, to be
 * compared within one list; contributions are exact (TreeSHAP) and computed for single items when somebody asks.
 */
import { type StateSettings } from '../state/state-settings.js';
import { type Candidates } from './candidate.js';
import { type Feature } from './features/feature.js';
import { featuresOf, featurize } from './features/featurize.js';
import { type ResolvedQuery } from './query.js';
import { type World } from './source.js';
import { checkFeatures } from './trees/check-features.js';
import { RankerError } from './trees/ranker-error.js';
import { type FeatureMatrix, type TreeEnsemble } from './trees/tree-ensemble.js';
import { TreeScorer } from './trees/tree-scorer.js';
import { type Contributions, TreeShap } from './trees/tree-shap.js';

/** Scores of candidates, and the features that they were made of, in the model's order. */
export interface Ranked {
  readonly scores: Float64Array;
  readonly features: FeatureMatrix;
}

export class RankerModel {
  private readonly scorer: TreeScorer;
  private readonly layouts = new WeakMap<StateSettings, Layout>();
  private room: Float32Array | null = null;
  /** Made when the first item is explained. */
  private shap: TreeShap | null = null;

  private explainable: boolean | null = null;

  constructor(readonly ensemble: TreeEnsemble) {
    this.scorer = new TreeScorer(ensemble);
  }

  /** @throws RankerError where the settings of the state don't give a feature that the model was fitted to */
  rank(query: ResolvedQuery, candidates: Candidates, world: World): Ranked {
    const { columns, isWanted } = this.layoutFor(world.state.settings);
    const all = featurize(query, candidates, world, { isWanted, room: this.room });
    this.room = all.values;
    const features = columnsOf(all, columns);
    return { scores: this.score(features), features };
  }

  /** Scores of rows whose features, in the model's order, are given. */
  score(features: FeatureMatrix): Float64Array {
    return this.scorer.score(features);
  }

  /** The model's features under these settings, in its order. */
  features(settings: StateSettings): readonly Feature[] {
    return this.layoutFor(settings).features;
  }

  /** Makes ready what explains scores, where that can be, before a client asks. */
  warmUp(): void {
    void this.isExplainable;
  }

  /**
   * Makes ready what explains scores: some 10 ms.
   * @throws RankerError where nobody could: leaves are linear, or the model does not say how many rows fell where
   */
  prepareToExplain(): void {
    this.shap ??= new TreeShap(this.ensemble);
  }

  /**
   * What each feature of one row adds to the score, and what the score would be without any; null for a model that can't be
   * explained.
   */
  contributions(row: Float32Array): Contributions | null {
    if (!this.isExplainable) return null;
    return this.shap!.explain({ rows: 1, width: row.length, values: row }, [0]);
  }

  /** Told once. */
  private get isExplainable(): boolean {
    if (this.explainable === null) {
      try {
        this.prepareToExplain();
        this.explainable = true;
      } catch (error) {
        if (!(error instanceof RankerError)) throw error;
        this.explainable = false;
      }
    }
    return this.explainable;
  }

  private layoutFor(settings: StateSettings): Layout {
    let layout = this.layouts.get(settings);
    if (layout === undefined) this.layouts.set(settings, (layout = layoutOf(this.ensemble, featuresOf(settings))));
    return layout;
  }
}

interface Layout {
  readonly features: readonly Feature[];
  /** Where the model's features stand among all. */
  readonly columns: Int32Array;
  readonly isWanted: (column: number) => boolean;
}

function layoutOf(ensemble: TreeEnsemble, known: readonly Feature[]): Layout {
  const names = known.map(({ name }) => name);
  checkFeatures(ensemble, names);
  const columns = Int32Array.from(ensemble.featureNames, (name) => names.indexOf(name));
  const named = new Set(columns);
  return { features: Array.from(columns, (at) => known[at]!), columns, isWanted: (column) => named.has(column) };
}

function columnsOf({ rows, values }: FeatureMatrix, columns: Int32Array): FeatureMatrix {
  const picked = new Float32Array(rows * columns.length);
  columns.forEach((column, at) => picked.set(values.subarray(column * rows, (column + 1) * rows), at * rows));
  return { rows, width: columns.length, values: picked };
}
