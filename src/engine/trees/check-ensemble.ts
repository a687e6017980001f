/**
 * What every ensemble must hold before it is scored or written: arrays of the lengths that their number of leaves asks for,
 * features within the columns, finite numbers, and splits that reach every leaf exactly once from the root.
 */
import { RankerError } from './ranker-error.js';
import {
  CATEGORICAL,
  DEFAULT_LEFT,
  MISSING_NAN,
  MISSING_SHIFT,
  type Tree,
  type TreeEnsemble,
} from './tree-ensemble.js';

const MOST = 0x7fff_ffff;
const LARGEST_DECISION = CATEGORICAL | DEFAULT_LEFT | (MISSING_NAN << MISSING_SHIFT);

type Numbers = ArrayLike<number>;

/** @throws RankerError RANKER_CORRUPT that says what was expected and found, and in which tree */
export function checkEnsemble({ featureNames, featureInfos, trees }: TreeEnsemble): void {
  if (featureInfos.length !== featureNames.length) {
    corrupt(`expected feature_infos of ${featureNames.length} features, found ${featureInfos.length}`);
  }
  trees.forEach((tree, index) => new TreeCheck(tree, index, featureNames.length).run());
}

class TreeCheck {
  constructor(
    private readonly tree: Tree,
    private readonly index: number,
    private readonly width: number,
  ) {}

  run(): void {
    const { tree } = this;
    if (!isWhole(tree.leaves, 1, MOST)) this.fail(`expected num_leaves of 1 or more, found ${tree.leaves}`);
    if (!Number.isFinite(tree.shrinkage)) this.fail(`expected a finite shrinkage, found ${tree.shrinkage}`);
    this.lengths();
    this.whole('split_feature', tree.feature, 0, this.width - 1);
    this.whole('internal_count', tree.splitCount, 0, MOST);
    this.whole('leaf_count', tree.leafCount, 0, MOST);
    this.thresholds();
    this.finite('split_gain', tree.gain);
    this.finite('internal_value', tree.splitValue);
    this.finite('internal_weight', tree.splitWeight);
    this.finite('leaf_value', tree.leafValue);
    this.finite('leaf_weight', tree.leafWeight);
    this.categories();
    this.decisions();
    this.linear();
    this.shape();
  }

  private lengths(): void {
    const { tree } = this;
    const splits = tree.leaves - 1;
    this.length('split_feature', tree.feature, splits);
    this.length('threshold', tree.threshold, splits);
    this.length('decision_type', tree.decision, splits);
    this.length('left_child', tree.left, splits);
    this.length('right_child', tree.right, splits);
    this.length('split_gain', tree.gain, splits);
    this.length('internal_value', tree.splitValue, splits);
    this.length('internal_weight', tree.splitWeight, splits);
    this.length('internal_count', tree.splitCount, splits);
    this.length('leaf_value', tree.leafValue, tree.leaves);
    this.length('leaf_weight', tree.leafWeight, tree.leaves);
    this.length('leaf_count', tree.leafCount, tree.leaves);
  }

  // An infinite one parts what is known from what is missing.
  private thresholds(): void {
    const unordered = this.tree.threshold.findIndex(Number.isNaN);
    if (unordered !== -1) this.fail(`expected numbers in threshold, found NaN at place ${unordered}`);
  }

  private categories(): void {
    const { categoryBoundaries: boundaries, categoryBits: bits } = this.tree;
    if (boundaries.length === 0 && bits.length === 0) return;
    let before = 0;
    boundaries.forEach((boundary, at) => {
      if (at === 0 ? boundary === 0 : boundary >= before) before = boundary;
      else this.fail(`expected cat_boundaries that rise from 0, found ${boundary} at place ${at}`);
    });
    if (before !== bits.length) this.fail(`expected ${before} words of cat_threshold, found ${bits.length}`);
  }

  private decisions(): void {
    const { decision, threshold, categoryBoundaries } = this.tree;
    const sets = categoryBoundaries.length - 1;
    decision.forEach((bits, split) => {
      if (bits > LARGEST_DECISION) this.fail(`expected a decision_type up to ${LARGEST_DECISION}, found ${bits}`);
      if ((bits & CATEGORICAL) !== 0 && !isWhole(threshold[split]!, 0, sets - 1)) {
        this.fail(`split ${split} expected one of ${Math.max(sets, 0)} sets of categories, found ${threshold[split]}`);
      }
    });
  }

  private linear(): void {
    const { linear, leaves } = this.tree;
    if (linear === null) return;
    this.length('leaf_const', linear.constants, leaves);
    this.length('leaf_features', linear.features, leaves);
    this.length('leaf_coeff', linear.coefficients, leaves);
    this.finite('leaf_const', linear.constants);
    for (let leaf = 0; leaf < leaves; leaf++) {
      this.length(`leaf_coeff of leaf ${leaf}`, linear.coefficients[leaf]!, linear.features[leaf]!.length);
      this.whole('leaf_features', linear.features[leaf]!, 0, this.width - 1);
      this.finite('leaf_coeff', linear.coefficients[leaf]!);
    }
  }

  // Each child is entered once from the root: no cycle, nothing shared, nothing left over.
  private shape(): void {
    const { leaves, left, right } = this.tree;
    const seen = new Uint8Array(2 * leaves - 1);
    const open = leaves > 1 ? [0] : [];
    let reached = open.length;
    seen[leaves] = 1;
    while (open.length > 0) {
      const split = open.pop()!;
      for (const child of [left[split]!, right[split]!]) {
        if (child >= leaves - 1 || ~child >= leaves) {
          const expected = `a split 0 to ${leaves - 2} or a leaf -1 to ${-leaves}`;
          this.fail(`split ${split} expected ${expected} as its child, found ${child}`);
        }
        // Leaves first, then splits.
        const node = child < 0 ? ~child : leaves + child;
        if (seen[node] === 1) this.fail(`split ${split} leads to ${child}, where another split leads already`);
        seen[node] = 1;
        reached++;
        if (child >= 0) open.push(child);
      }
    }
    const expected = leaves > 1 ? 2 * leaves - 1 : 0;
    if (reached !== expected) this.fail(`expected ${expected} nodes below the root, reached ${reached}`);
  }

  private length(field: string, values: { readonly length: number }, expected: number): void {
    if (values.length !== expected) this.fail(`expected ${field} of ${expected} values, found ${values.length}`);
  }

  private whole(field: string, values: Numbers, least: number, most: number): void {
    for (let at = 0; at < values.length; at++) {
      if (isWhole(values[at]!, least, most)) continue;
      this.fail(`expected whole numbers from ${least} to ${most} in ${field}, found ${values[at]} at place ${at}`);
    }
  }

  private finite(field: string, values: Numbers): void {
    for (let at = 0; at < values.length; at++) {
      if (!Number.isFinite(values[at])) {
        this.fail(`expected finite numbers in ${field}, found ${values[at]} at place ${at}`);
      }
    }
  }

  private fail(problem: string): never {
    corrupt(`tree ${this.index}: ${problem}`);
  }
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function corrupt(problem: string): never {
  throw new RankerError('RANKER_CORRUPT', problem);
}
