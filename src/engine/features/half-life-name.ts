/** A half-life in a feature's name: "10m", "3h", "1d"; "ever" for counts without decay. */
export function halfLifeName(halfLifeMs: number): string {
  if (halfLifeMs === Infinity) return 'ever';
  for (const [unit, ms] of [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1_000],
  ] as const) {
    if (halfLifeMs % ms === 0) return `${halfLifeMs / ms}${unit}`;
  }
  return `${halfLifeMs}ms`;
}
