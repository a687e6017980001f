/** Columns of a matrix have no names: a model may only score one whose columns stand where its own features do. */
import { RankerError } from './ranker-error.js';
import { type TreeEnsemble } from './tree-ensemble.js';

/**
 * Features are compared by name and place; known ones that the model doesn't have may follow its own, since it never looks
 * at their columns.
 * @throws RankerError RANKER_FEATURES that names the first feature which is unknown or out of place
 */
export function checkFeatures(ensemble: Pick<TreeEnsemble, 'featureNames'>, knownNames: readonly string[]): void {
  ensemble.featureNames.forEach((name, column) => {
    if (knownNames[column] === name) return;
    const place = knownNames.indexOf(name);
    const there = knownNames[column];
    const problem =
      place === -1
        ? 'which is not known here'
        : `which belongs in column ${place}${there === undefined ? '' : `; "${there}" belongs there`}`;
    throw new RankerError('RANKER_FEATURES', `the model has feature "${name}" in column ${column}, ${problem}`);
  });
}
