import { RejectionTally } from '../../../src/datasets/import/rejection-tally.js';
import { type Rejection } from '../../../src/datasets/import/rejection.js';

describe('RejectionTally', () => {
  it('counts by code and keeps the lowest rows, in whatever order they come', () => {
    const tally = new RejectionTally();
    const rejections = Array.from({ length: 300 }, (_, k): Rejection => {
      const row = ((k * 7) % 300) + 1;
      return { row, code: row % 3 === 0 ? 'BAD_ID' : 'BAD_TIME', message: `row ${row}` };
    });
    for (let at = 0; at < 300; at += 50) tally.add(rejections.slice(at, at + 50));
    expect(tally.count).toBe(300);
    expect(tally.reasons).toEqual({ BAD_ID: 100, BAD_TIME: 200 });
    expect(tally.firstRows).toEqual({ BAD_ID: [3, 6, 9, 12, 15], BAD_TIME: [1, 2, 4, 5, 7] });
    expect(tally.first.map(({ row }) => row)).toEqual(Array.from({ length: 100 }, (_, k) => k + 1));
  });
});
