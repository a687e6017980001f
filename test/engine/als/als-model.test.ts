import { AlsModel } from '../../../src/engine/als/als-model.js';
import { alsParts } from '../../support/fitted.js';
import { click, stateOf } from '../../support/state.js';

const IDS = Array.from({ length: 100 }, (_, row) => `i${row}`);
/** A catalogue in another order, without every third item of the model, and with some that it does not know. */
const catalogue = () =>
  stateOf([...IDS.filter((_, row) => row % 3 !== 0).reverse(), 'new', 'newer'].map((id, at) => click('u', id, at)));

describe('AlsModel beside a catalogue', () => {
  it('finds each item’s row and each row’s item', () => {
    const { items } = catalogue();
    const model = new AlsModel(alsParts(IDS));
    expect(Array.from(model.alignedWith(items).itemOf)).toEqual(IDS.map((id) => items.find(id)));
    const rows = Array.from({ length: items.count }, (_, item) => model.alignedWith(items).rowOf[item]);
    expect(rows).toEqual(rows.map((_, item) => IDS.indexOf(items.id(item))));
  });

  it('is aligned in steps of the given size, to the same end', () => {
    const { items } = catalogue();
    const model = new AlsModel(alsParts(IDS));
    let steps = 1;
    while (!model.alignSome(items, 7)) steps++;
    expect(steps).toBe(Math.ceil(100 / 7));
    expect(model.alignedWith(items).itemOf).toEqual(new AlsModel(alsParts(IDS)).alignedWith(items).itemOf);
  });

  it('takes in items that come between two steps and after the last', () => {
    const state = catalogue();
    const { items } = state;
    const model = new AlsModel(alsParts(IDS));
    let at = state.position;
    const comes = (id: string): void => state.apply(click('u', id, 200), ++at);
    model.alignSome(items, 10);
    comes('i0');
    comes('i60');
    while (!model.alignSome(items, 10)) comes(`other${at}`);
    comes('i3');
    comes('i99');
    expect(Array.from(model.alignedWith(items).itemOf)).toEqual(IDS.map((id) => items.find(id)));
    for (let item = 0; item < items.count; item++) {
      expect(model.alignedWith(items).rowOf[item]).toBe(IDS.indexOf(items.id(item)));
    }
  });
});
