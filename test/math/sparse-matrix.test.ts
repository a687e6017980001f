import fc from 'fast-check';
import { type SparseMatrix, sparseMatrix, transpose } from '../../src/math/sparse-matrix.js';

const entry = fc.tuple(fc.nat(4), fc.nat(6), fc.integer({ min: 1, max: 9 }));

function dense({ rows, columns, starts, indexes, weights }: SparseMatrix): number[][] {
  return Array.from({ length: rows }, (_, row) => {
    const line = new Array<number>(columns).fill(0);
    for (let at = starts[row]!; at < starts[row + 1]!; at++) line[indexes[at]!]! += weights[at]!;
    return line;
  });
}

function of(entries: readonly (readonly [number, number, number])[]): SparseMatrix {
  return sparseMatrix({
    rows: 5,
    columns: 7,
    rowOf: Int32Array.from(entries, ([row]) => row),
    columnOf: Int32Array.from(entries, ([, column]) => column),
    weights: Float32Array.from(entries, ([, , weight]) => weight),
  });
}

describe('sparseMatrix', () => {
  it('holds the sum of the entries of each place, columns ascending and each once', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 40 }), (entries) => {
        const matrix = of(entries);
        const expected = Array.from({ length: 5 }, () => new Array<number>(7).fill(0));
        for (const [row, column, weight] of entries) expected[row]![column]! += weight;
        expect(dense(matrix)).toEqual(expected);
        for (let row = 0; row < 5; row++) {
          const columns = [...matrix.indexes.subarray(matrix.starts[row], matrix.starts[row + 1])];
          expect(columns).toEqual([...new Set(columns)].sort((a, b) => a - b));
        }
      }),
      { seed: 3 },
    );
  });

  it('weighs every entry 1 where no weights are given', () => {
    const matrix = sparseMatrix({
      rows: 1,
      columns: 2,
      rowOf: Int32Array.of(0, 0, 0),
      columnOf: Int32Array.of(1, 0, 1),
    });
    expect([...matrix.weights]).toEqual([1, 2]);
  });

  it('refuses an entry outside of the matrix', () => {
    expect(() => of([[5, 0, 1]])).toThrow('entry 0 lies in row 5 of 5');
    expect(() => of([[0, 7, 1]])).toThrow('entry 0 lies in column 7 of 7');
  });
});

describe('transpose', () => {
  it('turns rows into columns, and back', () => {
    const matrix = of([
      [0, 3, 1],
      [4, 3, 2],
      [4, 0, 3],
    ]);
    const turned = dense(transpose(matrix));
    expect(turned).toEqual(dense(matrix)[0]!.map((_, column) => dense(matrix).map((line) => line[column])));
    expect(transpose(transpose(matrix))).toEqual(matrix);
  });
});
