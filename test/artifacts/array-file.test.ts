import {
  ArrayFileError,
  type ArrayOf,
  type ArrayType,
  decodeArray,
  encodeArray,
} from '../../src/artifacts/array-file.js';

const ARRAYS: [ArrayType, ArrayOf<ArrayType>][] = [
  ['float32', Float32Array.of(1.5, -0, NaN, 3.4e38, 0, 7)],
  ['float64', Float64Array.of(0.1, Infinity, 5e-324, -1, 0, 7)],
  ['int32', Int32Array.of(-1, 2 ** 31 - 1, 0, 1, 2, 3)],
  ['uint32', Uint32Array.of(2 ** 32 - 1, 0, 1, 2, 3, 4)],
  ['uint16', Uint16Array.of(65_535, 0, 1, 2, 3, 4)],
  ['uint8', Uint8Array.of(255, 0, 1, 2, 3, 4)],
];
const encoded = (): Uint8Array => encodeArray(Float32Array.of(1, 2, 3, 4, 5, 6), [3, 2]);

it.each(ARRAYS)('an array of %s comes back with its shape', (type, values) => {
  expect(decodeArray(encodeArray(values, [2, 3]), { type, rank: 2 })).toEqual({ values, shape: [2, 3] });
  expect(decodeArray(encodeArray(values), { type, rank: 1 })).toEqual({ values, shape: [6] });
});

it('arrays without values, of rank 0, within other arrays and in shared memory come back too', () => {
  expect(decodeArray(encodeArray(new Int32Array(), [0, 64]), { type: 'int32', rank: 2 }).shape).toEqual([0, 64]);
  expect([...decodeArray(encodeArray(Int32Array.of(7), []), { type: 'int32', rank: 0 }).values]).toEqual([7]);
  const part = Float32Array.of(0, 1, 2, 3).subarray(1, 3);
  expect([...decodeArray(encodeArray(part), { type: 'float32', rank: 1 }).values]).toEqual([1, 2]);
  const shared = new Float64Array(new SharedArrayBuffer(16)).fill(3);
  expect([...decodeArray(encodeArray(shared), { type: 'float64', rank: 1 }).values]).toEqual([3, 3]);
});

it('values are a view where the bytes are aligned, else a copy', () => {
  const bytes = encoded();
  expect(decodeArray(bytes, { type: 'float32', rank: 2 }).values.buffer).toBe(bytes.buffer);
  for (const offset of [1, 2, 4]) {
    const moved = new Uint8Array(bytes.length + offset).subarray(offset);
    moved.set(bytes);
    const { values } = decodeArray(moved, { type: 'float32', rank: 2 });
    expect([...values]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(values.buffer === moved.buffer).toBe(offset === 4);
  }
});

it('one changed byte anywhere is refused', () => {
  const whole = encoded();
  for (let at = 0; at < whole.length; at++) {
    const damaged = whole.slice();
    damaged[at]! ^= 1;
    expect(() => decodeArray(damaged, { type: 'float32', rank: 2 })).toThrow(ArrayFileError);
  }
});

it('bytes that were verified before are not verified again, but their shape is', () => {
  const damaged = encoded();
  damaged[damaged.length - 1]! ^= 1;
  expect(() => decodeArray(damaged, { type: 'float32', rank: 2 })).toThrow('its checksum does not match');
  expect(decodeArray(damaged, { type: 'float32', rank: 2, verified: true }).shape).toEqual([3, 2]);
  const cut = damaged.subarray(0, -1);
  expect(() => decodeArray(cut, { type: 'float32', rank: 2, verified: true })).toThrow(
    'has 63 bytes, [3 x 2] would be 64',
  );
});

it('an error names what was found and what was expected', () => {
  const bytes = encoded();
  expect(() => decodeArray(bytes, { type: 'int32', rank: 2 })).toThrow(
    'is float32 of rank 2, expected int32 of rank 2',
  );
  expect(() => decodeArray(bytes, { type: 'float32', rank: 1 })).toThrow('expected float32 of rank 1');
  expect(() => decodeArray(Buffer.from('something else, not an array'), { type: 'uint8', rank: 1 })).toThrow(
    'not an array file',
  );
  expect(() => decodeArray(bytes.subarray(0, 20), { type: 'float32', rank: 2 })).toThrow('not an array file');
  expect(() => decodeArray(bytes.subarray(0, 30), { type: 'float32', rank: 2 })).toThrow('says rank 2 within 30 bytes');
  const other = bytes.slice();
  other[8] = 2;
  expect(() => decodeArray(other, { type: 'float32', rank: 2 })).toThrow('has format version 2, expected 1');
  expect(() => encodeArray(Float32Array.of(1, 2, 3), [2, 2])).toThrow("3 values can't have the shape [2 x 2]");
});
