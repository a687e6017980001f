/**
 * What matrix factorisation expects of the item, freed from the scale of the fit: as a cosine, and against a factor of
 * usual length. Unknown without factors, without a history that they know, and for items born since the fit. Costly, for the
 * reader's vector is folded in for each list.
 */
import { type Featurizer } from './feature.js';

export const factorAffinity: Featurizer = {
  features: () => [
    {
      name: 'als_cosine',
      group: 'ALS',
      unit: 'cosine',
      description: 'Angle between the factors of the reader, folded in from the live history, and of the item.',
      reason: { kind: 'TASTE' },
      isCostly: true,
    },
    {
      name: 'als_score',
      group: 'ALS',
      unit: 'usual lengths',
      description: 'Dot product of both over the length of the reader’s and the root mean square of the items’.',
      reason: { kind: 'TASTE' },
      isCostly: true,
    },
  ],

  fill({ history }, { items }, { state, snapshot }, [cosine, score]) {
    const model = snapshot?.als ?? null;
    const vector = model?.foldIn(history, state.items) ?? null;
    if (model === null || vector === null) return [cosine, score].forEach((column) => column!.fill(NaN));
    const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
    for (let row = 0; row < items.length; row++) {
      const found = model.affinity(vector, items[row]!, state.items);
      cosine![row] = found === null ? NaN : found.dot / (length * found.length || 1);
      score![row] = found === null ? NaN : found.dot / (length * model.usualLength || 1);
    }
  },
};
