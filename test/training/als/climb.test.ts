import { climb, type Point } from '../../../src/training/als/climb.js';

/** Highest at (64, 1/8). */
const hill = ([x, y]: Point): number => -(Math.log2(x! / 64) ** 2) - Math.log2(y! * 8) ** 2;

describe('climb', () => {
  it('reaches the top of a hill, coarse steps first', async () => {
    const visited: Point[] = [];
    const top = await climb({ start: [1, 1], axes: [0, 1], factors: [4, 2] }, async (point) => {
      visited.push(point);
      return hill(point);
    });
    expect(top).toEqual([64, 1 / 8]);
    expect(visited[0]).toEqual([1, 1]);
    expect(visited[1]).toEqual([4, 1]);
  });

  it('moves no parameter but those it is told', async () => {
    expect(await climb({ start: [1, 1], axes: [1], factors: [2] }, async (point) => hill(point))).toEqual([1, 1 / 8]);
  });

  it('ends with the best point so far where values can no longer be had', async () => {
    let left = 3;
    const top = await climb({ start: [1, 1], axes: [0], factors: [2] }, async (point) =>
      left-- > 0 ? hill(point) : null,
    );
    expect(top).toEqual([4, 1]);
  });
});
