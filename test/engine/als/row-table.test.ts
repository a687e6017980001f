/** The table of rows: says what a Map would. */
import fc from 'fast-check';
import { RowTable } from '../../../src/engine/als/row-table.js';

describe('a table of rows', () => {
  it('finds the rows that were added, and no other', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ unit: 'binary', maxLength: 6 })), fc.nat(), (ids, seed) => {
        const table = new RowTable(ids);
        const isIn = (row: number): boolean => (row * 7 + seed) % 3 > 0;
        ids.forEach((_, row) => isIn(row) && table.add(row));
        expect(ids.map((id) => table.find(id))).toEqual(ids.map((_, row) => (isIn(row) ? row : -1)));
        expect(table.find('longer than any of them')).toBe(-1);
      }),
    );
  });

  it('tells ids apart that fall into one slot', () => {
    const ids = Array.from({ length: 3_000 }, (_, at) => `item-${at}`);
    const table = new RowTable(ids);
    ids.forEach((_, row) => table.add(row));
    expect(ids.map((id) => table.find(id))).toEqual(ids.map((_, row) => row));
  });

  it('of no ids finds none', () => {
    expect(new RowTable([]).find('a')).toBe(-1);
  });
});
