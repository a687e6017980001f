import { CONTROL_WORDS, Stopped, Team } from '../../../src/training/workers/team.js';
import { kernelMemory, Places } from '../../../src/training/workers/places.js';

const control = (): Int32Array => new Int32Array(new SharedArrayBuffer(4 * CONTROL_WORDS));

describe('Team', () => {
  it('hands out every chunk once, to whoever asks', () => {
    const words = control();
    const queues = [new Team(words, 2).chunks(10, 4), new Team(words, 2).chunks(10, 4)];
    const taken = [0, 1, 0, 1].map((at) => queues[at]!.next().value);
    expect(taken.slice(0, 3)).toEqual([
      { chunk: 0, from: 0, to: 4 },
      { chunk: 1, from: 4, to: 8 },
      { chunk: 2, from: 8, to: 10 },
    ]);
    expect(taken[3]).toBeUndefined();
  });

  it('starts the queue anew when all have met', () => {
    const team = new Team(control(), 1);
    expect([...team.chunks(2, 1)]).toHaveLength(2);
    expect([...team.chunks(2, 1)]).toHaveLength(0);
    team.meet();
    expect([...team.chunks(2, 1)]).toHaveLength(2);
  });

  it('lets nobody past a barrier once it is stopped, until it starts again', () => {
    const team = new Team(control(), 2);
    team.stop();
    expect([...team.chunks(2, 1)]).toHaveLength(0);
    expect(() => team.meet()).toThrow(Stopped);
    team.restart();
    expect([...team.chunks(2, 1)]).toHaveLength(2);
  });
});

describe('Places', () => {
  it('lays the same arrays out, whole cache lines each, with a buffer and without', () => {
    const layOut = (places: Places) => [places.bytesOf(3), places.doubles(2), places.ints(20), places.floats(1)];
    const counted = new Places(null);
    layOut(counted);
    const arrays = layOut(new Places(kernelMemory(counted.bytes)!.buffer));
    expect(arrays.map(({ length }) => length)).toEqual([3, 2, 20, 1]);
    expect(arrays.map(({ byteOffset }) => byteOffset - arrays[0]!.byteOffset)).toEqual([0, 64, 128, 256]);
    expect(counted.bytes).toBe(arrays[3]!.byteOffset + 64);
  });

  it('finds no memory for kernels beyond 4 GB', () => {
    expect(kernelMemory(2 ** 32 + 1)).toBeNull();
  });
});
