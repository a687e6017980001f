import { checkFeatures } from '../../../src/engine/trees/check-features.js';

const KNOWN = ['age', 'clicks', 'price'];

describe('checkFeatures', () => {
  it('takes the known features in their order, and a model that lacks some of them', () => {
    expect(() => checkFeatures({ featureNames: KNOWN }, KNOWN)).not.toThrow();
    expect(() => checkFeatures({ featureNames: ['age', 'price'] }, KNOWN)).not.toThrow();
    expect(() => checkFeatures({ featureNames: ['clicks'] }, KNOWN)).not.toThrow();
  });

  it.each([
    [['age', 'colour'], 'the model has feature "colour" in column 1, which is not known here'],
    [['price', 'age'], 'the model has feature "age" in column 1, which belongs before "price"'],
    [['age', 'age'], 'the model has feature "age" in column 1, which belongs before "age"'],
  ])('refuses %j', (featureNames, message) => {
    expect(() => checkFeatures({ featureNames }, KNOWN)).toThrow(
      expect.objectContaining({ name: 'RankerError', code: 'RANKER_FEATURES', message }),
    );
  });
});
