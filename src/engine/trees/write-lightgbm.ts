/**
 * Writes LightGBM's text model format, version v4: what LightGBM reads predicts the same, and what `readLightgbm` reads is
 * equal, for numbers are printed with the digits that bring the double back.
 */
import { checkEnsemble } from './check-ensemble.js';
import { RankerError } from './ranker-error.js';
import { type Tree, type TreeEnsemble } from './tree-ensemble.js';
import { treeText } from './tree-text.js';

/**
 * @throws RankerError RANKER_CORRUPT where the ensemble is none that `readLightgbm` would take; RANKER_FEATURES where a name
 * or range can't be written, for the format separates them by spaces
 */
export function writeLightgbm(ensemble: TreeEnsemble): string {
  checkEnsemble(ensemble);
  const { objective, featureNames, featureInfos, trees } = ensemble;
  for (const word of [...featureNames, ...featureInfos]) {
    if (/^\S+$/.test(word)) continue;
    throw new RankerError('RANKER_FEATURES', `expected feature names and ranges without white space, found "${word}"`);
  }
  const blocks = trees.map((tree, index) => `Tree=${index}\n${treeText(tree)}\n\n\n`);
  return [
    'tree',
    'version=v4',
    'num_class=1',
    'num_tree_per_iteration=1',
    'label_index=0',
    `max_feature_idx=${featureNames.length - 1}`,
    ...(objective === '' ? [] : [`objective=${objective}`]),
    `feature_names=${featureNames.join(' ')}`,
    `feature_infos=${featureInfos.join(' ')}`,
    // In bytes, and a tree is ASCII.
    `tree_sizes=${blocks.map((block) => block.length).join(' ')}`,
    '',
    `${blocks.join('')}end of trees`,
    '',
    'feature_importances:',
    ...importances(featureNames, trees),
    '',
    'parameters:',
    '[boosting: gbdt]',
    // Where LightGBM looks for it before it explains a prediction.
    `[linear_tree: ${trees.some(({ linear }) => linear !== null) ? 1 : 0}]`,
    '',
    'end of parameters',
    '',
    'pandas_categorical:null',
    '',
  ].join('\n');
}

// Splits with a gain by feature, most first.
function importances(names: readonly string[], trees: readonly Tree[]): string[] {
  const counts = names.map((name) => ({ name, count: 0 }));
  for (const { feature, gain } of trees) {
    feature.forEach((index, split) => {
      if (gain[split]! > 0) counts[index]!.count++;
    });
  }
  const used = counts.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count);
  return used.map(({ name, count }) => `${name}=${count}`);
}
