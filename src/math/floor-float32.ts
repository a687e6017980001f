/** The largest float32 that is not above a double: for every float32 x, x <= value exactly where x <= floorFloat32(value). */

const LEAST = 2 ** -149;
const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

export function floorFloat32(value: number): number {
  const nearest = Math.fround(value);
  // NaN stays.
  if (!(nearest > value)) return nearest;
  if (nearest === 0) return -LEAST;
  float[0] = nearest;
  bits[0]! += nearest > 0 ? -1 : 1;
  return float[0];
}
