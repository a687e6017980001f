/** Climbs a function of few parameters, all positive, by factors: from a start, along one parameter at a time. */
export type Point = readonly number[];

/** The value at a point, or null where it can't be had any more: the climb ends with what it has. */
export type ValueOf = (point: Point) => Promise<number | null>;

export interface Climb {
  readonly start: Point;
  /** Parameters to move, by position in a point. */
  readonly axes: readonly number[];
  /** Steps one after another: each multiplies or divides a parameter until neither raises the value. */
  readonly factors: readonly number[];
}

export async function climb({ start, axes, factors }: Climb, valueOf: ValueOf): Promise<Point> {
  let best = start;
  let bestValue = await valueOf(start);
  if (bestValue === null) return best;
  for (const factor of factors) {
    // Neither direction of this many parameters in a row was better: the step is used up.
    for (let axis = 0, idle = 0; idle < axes.length; axis = (axis + 1) % axes.length, idle++) {
      for (const way of [factor, 1 / factor]) {
        let steps = 0;
        for (;;) {
          const next = best.map((value, at) => (at === axes[axis] ? value * way : value));
          const value = await valueOf(next);
          if (value === null) return best;
          if (value <= bestValue) break;
          best = next;
          bestValue = value;
          steps++;
        }
        if (steps === 0) continue;
        idle = -1;
        break;
      }
    }
  }
  return best;
}
