import { AttributeChecks } from '../../src/events/attribute-rules.js';
import { NOON, stateOf } from '../support/state.js';

describe('AttributeChecks', () => {
  const { items } = stateOf([{ kind: 'item', itemId: 'a', attributes: { sizes: [1], name: 'a' }, at: NOON }]);

  it('takes an empty list for a list of any type, and it declares none', () => {
    const checks = new AttributeChecks((name) => items.declaredType(name));
    for (const attributes of [{ sizes: [] }, { tags: [] }, { tags: ['x'] }, { tags: [] }]) {
      expect(checks.problem(attributes)).toBeNull();
    }
    expect(checks.problem({ tags: [1] })?.code).toBe('WRONG_TYPE');
  });

  it('refuses an empty list for what is no list, and says so', () => {
    expect(new AttributeChecks((name) => items.declaredType(name)).problem({ name: [] })).toEqual({
      code: 'WRONG_TYPE',
      message: 'attribute "name" is declared as string; this value is an empty list',
    });
  });
});
