/** Typed arrays that grow: the copy keeps the old content, the new tail holds `fill`. */

export type NumberArray = Float64Array | Float32Array | Int32Array | Uint32Array | Uint16Array | Uint8Array;

const GROWTH = 1.5;

/** The array itself where it has room for `length`, else a larger copy; `fill` is the value of what is new (0 if absent). */
export function grow<A extends NumberArray>(array: A, length: number, fill = 0): A {
  if (length <= array.length) return array;
  const capacity = Math.max(length, Math.ceil(array.length * GROWTH), 16);
  const larger = new (array.constructor as new (length: number) => A)(capacity);
  larger.set(array);
  if (fill !== 0) larger.fill(fill, array.length);
  return larger;
}
