import { liveEvents } from '../../../src/datasets/demo/visitors.js';
import { HOUR, sampleWorld, START } from './sample.js';

describe('liveEvents', () => {
  it('gives, second by second, what the world has in that time', () => {
    const world = sampleWorld();
    const from = START + 30 * HOUR;
    const seconds = Array.from({ length: 300 }, (_, second) => from + second * 1000);
    const live = seconds.flatMap((at) => liveEvents(world, at, at + 1000));
    expect(live).toEqual([...sampleWorld().events(from, from + 300_000)].flat());
    expect(live.length).toBeGreaterThan(5);
  });
});
