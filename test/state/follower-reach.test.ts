import { MemoryUserRecords } from '../../src/profiles/memory-user-records.js';
import { Follower } from '../../src/state/follower.js';
import { DEFAULT_STATE_SETTINGS } from '../../src/state/state-settings.js';
import { openMemoryLog } from '../support/memory-log.js';
import { click } from '../support/state.js';

describe('a wait for a position', () => {
  afterEach(() => jest.useRealTimers());

  it('leaves no timer behind, reached or not', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    const log = openMemoryLog();
    const records = new MemoryUserRecords();
    const follower = await Follower.open({ log, records, settings: DEFAULT_STATE_SETTINGS, checkpoints: null });
    const reached = follower.reach(1, 60_000);
    const missed = follower.reach(2, 500);
    expect(jest.getTimerCount()).toBe(2);
    const { position } = await log.append([click('u', 'a', 0)]);
    await follower.catchUp(position);
    expect(await reached).toBe(true);
    expect(jest.getTimerCount()).toBe(1);
    jest.advanceTimersByTime(500);
    expect(await missed).toBe(false);
    expect(jest.getTimerCount()).toBe(0);
  });
});
