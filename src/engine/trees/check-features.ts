/** Columns of a matrix have no names, so a model must name the features that it looks at as they are named here. */
import { RankerError } from './ranker-error.js';
import { type TreeEnsemble } from './tree-ensemble.js';

/**
 * A model may have some of the known features only, each once and in their order: one whose columns were put in another
 * order was fitted to something else.
 * @throws RankerError RANKER_FEATURES that names the first feature which is unknown or out of place
 */
export function checkFeatures(ensemble: Pick<TreeEnsemble, 'featureNames'>, knownNames: readonly string[]): void {
  const placeOf = new Map(knownNames.map((name, place) => [name, place]));
  let before = -1;
  ensemble.featureNames.forEach((name, column) => {
    const place = placeOf.get(name);
    if (place !== undefined && place > before) {
      before = place;
      return;
    }
    const problem =
      place === undefined ? 'which is not known here' : `which belongs before "${ensemble.featureNames[column - 1]}"`;
    throw new RankerError('RANKER_FEATURES', `the model has feature "${name}" in column ${column}, ${problem}`);
  });
}
