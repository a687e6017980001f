/**
 * How the time of the data is cut: `fitFrom..rowsFrom` is what the blend's weights are fitted to, `rowsFrom..gateFrom` what
 * the ranker learns from, and `gateFrom..until` what the outcome is judged on. What is judged lies after everything that
 * the judged ones know, and what a ranker sees was made by factors and weights that are older.
 */
export interface TrainingSlices {
  /** Begin of the data. */
  readonly from: number;
  readonly fitFrom: number;
  readonly rowsFrom: number;
  readonly gateFrom: number;
  readonly until: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A slice is this part of all, between an hour and a day: a day has all hours of the day in it. */
const PART = 0.1;
/** Of the ranker's rows: more than one day, for days differ. */
const ROW_SLICES = 2;

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
  const rowsFrom = gateFrom - ROW_SLICES * length;
  return { from, fitFrom: rowsFrom - length, rowsFrom, gateFrom, until };
}
