import { ContextInterner } from '../../../src/datasets/import/context-interner.js';
import { type Cell, type RowCursor } from '../../../src/datasets/import/row-cursor.js';

// All that the interner asks of a cursor.
const cursor = (...cells: Cell[]): RowCursor => ({ cell: (k: number) => cells[k] }) as unknown as RowCursor;

describe('ContextInterner', () => {
  it('gives the same object for the same cells, in the order of the dimensions', () => {
    const contexts = new ContextInterner({ region: 'r', device: 'd', user: 'u' });
    expect(contexts.columns).toEqual(['d', 'r']);
    const first = contexts.read(cursor('user', 1, 'north'), 1);
    expect(first).toEqual({ device: '1', region: 'north' });
    expect(contexts.read(cursor('other', 1, 'north'), 1)).toBe(first);
    expect(contexts.read(cursor('other', 2, 'north'), 1)).not.toBe(first);
  });

  it('gives none where no cell has a value or no column is mapped', () => {
    expect(new ContextInterner({ os: 'o' }).read(cursor(null), 0)).toBeUndefined();
    expect(new ContextInterner({ os: 'o' }).read(cursor(' '), 0)).toBeUndefined();
    expect(new ContextInterner({}).read(cursor(), 0)).toBeUndefined();
  });

  it('forgets what it knew once there is too much of it', () => {
    const contexts = new ContextInterner({ os: 'o' });
    const first = contexts.read(cursor(0), 0);
    for (let code = 1; code < 60_000; code++) contexts.read(cursor(code), 0);
    expect(contexts.read(cursor(0), 0)).not.toBe(first);
    expect(contexts.read(cursor(0), 0)).toEqual(first);
  });
});
