/**
 * Keeps the latest results of a pure function of one number, so that a world that runs for ever stays bounded.
 * The oldest result goes first; whatever is forgotten is computed again, and equal.
 */
export function remember<T>(limit: number, compute: (key: number) => T): (key: number) => T {
  const kept = new Map<number, T>();
  return (key) => {
    const known = kept.get(key);
    if (known !== undefined) return known;
    const result = compute(key);
    if (kept.size >= limit) kept.delete(kept.keys().next().value!);
    kept.set(key, result);
    return result;
  };
}
