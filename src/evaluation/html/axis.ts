/** Round tick values and the linear way from values to places on the page. */

/** What a plot's axis spans, px for values. */
export interface Axis {
  readonly ticks: readonly number[];
  place(value: number): number;
}

const STEPS = [1, 2, 5, 10];
const TICKS = 6;
/** Figures have four decimals: what differs by less is rounding. */
const LEAST_SPAN = 1e-4;

/** An axis from `start` to `end`, px, that holds all of the values and 0, with at most about six round ticks. */
export function axisOf(values: readonly number[], start: number, end: number): Axis {
  const least = Math.min(0, ...values);
  const most = Math.max(0, ...values);
  const step = roundStep((most - least < LEAST_SPAN ? 1 : most - least) / TICKS);
  const first = Math.floor(least / step);
  const last = Math.max(first + 1, Math.ceil(most / step));
  return {
    // Multiples, not sums: 3 * 0.1 is off by less than ten additions are.
    ticks: Array.from({ length: last - first + 1 }, (_, at) => (first + at) * step),
    place: (value) => start + ((value / step - first) / (last - first)) * (end - start),
  };
}

/** The least of 1, 2 and 5 times a power of ten that is no smaller. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * STEPS.find((step) => step * power >= least * (1 - 1e-9))!;
}
