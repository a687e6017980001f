import { checkFeatures } from '../../../src/engine/trees/check-features.js';

const KNOWN = ['age', 'clicks', 'price'];

describe('checkFeatures', () => {
  it('takes the known features in their order, and a model that lacks the last ones', () => {
    expect(() => checkFeatures({ featureNames: KNOWN }, KNOWN)).not.toThrow();
    expect(() => checkFeatures({ featureNames: ['age', 'clicks'] }, KNOWN)).not.toThrow();
  });

  it.each([
    [['age', 'colour'], 'the model has feature "colour" in column 1, which is not known here'],
    [['age', 'price'], 'the model has feature "price" in column 1, which belongs in column 2; "clicks" belongs there'],
    [[...KNOWN, 'age'], 'the model has feature "age" in column 3, which belongs in column 0'],
  ])('refuses %j', (featureNames, message) => {
    expect(() => checkFeatures({ featureNames }, KNOWN)).toThrow(
      expect.objectContaining({ name: 'RankerError', code: 'RANKER_FEATURES', message }),
    );
  });
});
