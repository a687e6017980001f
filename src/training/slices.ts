/**
 * How the time of the data is cut: on all before `fitFrom` models are fitted, on `fitFrom..gateFrom` the weights, and on
 * `gateFrom..until` the outcome is judged. What is judged lies after everything that the judged ones know.
 */
export interface TrainingSlices {
  /** Begin of the data. */
  readonly from: number;
  readonly fitFrom: number;
  readonly gateFrom: number;
  readonly until: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A slice is this part of all, between an hour and a day: a day has all hours of the day in it. */
const PART = 0.1;

/** Times in ms; `known` is where the data of the snapshot in use end, or null without one. */
export function trainingSlices({
  from,
  until,
  known,
}: {
  readonly from: number;
  readonly until: number;
  readonly known: number | null;
}): TrainingSlices {
  const length = Math.min(DAY_MS, Math.max(HOUR_MS, Math.round(PART * (until - from))));
  const gateFrom = Math.min(until, Math.max(until - length, known ?? 0));
  return { from, fitFrom: gateFrom - length, gateFrom, until };
}
