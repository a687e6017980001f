import { type EventLog, type LogEntry } from '../../src/events/log.js';
import { MemoryUserRecords } from '../../src/profiles/memory-user-records.js';
import { Follower } from '../../src/state/follower.js';
import { DEFAULT_STATE_SETTINGS } from '../../src/state/state-settings.js';
import { openMemoryLog } from '../support/memory-log.js';
import { click } from '../support/state.js';
import { until } from '../support/until.js';

interface GrowingLog extends EventLog {
  history: string;
  /** Whether it grows by as much as is read of it: a fold of it never comes to an end. */
  grows: boolean;
  reads: number;
  /** Tells whoever listens that there is more. */
  tell(): void;
}

function growingLog(): GrowingLog {
  let tell = (): void => undefined;
  const log: GrowingLog = {
    ...openMemoryLog(),
    history: 'first',
    grows: false,
    reads: 0,
    last: () => (log.grows ? Number.MAX_SAFE_INTEGER : 0),
    read: (after, limit) => {
      log.reads++;
      const entry = (at: number): LogEntry => ({
        position: after + 1 + at,
        event: click(`u${at % 7}`, `i${at % 5}`, 0),
      });
      return Promise.resolve(Array.from({ length: log.grows ? limit : 0 }, (_, at) => entry(at)));
    },
    onAppended: (listener) => (tell = listener),
    tell: () => tell(),
  };
  return log;
}

async function followerOf(log: EventLog): Promise<Follower> {
  const records = new MemoryUserRecords();
  const follower = await Follower.open({ log, records, settings: DEFAULT_STATE_SETTINGS, checkpoints: null });
  follower.follow(60_000);
  return follower;
}

describe('closing a follower', () => {
  it('ends a fold that would never come to the end of the log', async () => {
    const log = growingLog();
    const follower = await followerOf(log);
    log.grows = true;
    const caughtUp = follower.catchUp();
    await until(() => follower.state.position > 0);
    await follower.close();
    await caughtUp;
    const { reads } = log;
    log.tell();
    await new Promise(setImmediate);
    expect(log.reads).toBe(reads);
  });

  it('ends the making anew of a state that would never come to the end of the log', async () => {
    const log = growingLog();
    const follower = await followerOf(log);
    log.grows = true;
    log.history = 'second';
    const { reads } = log;
    log.tell();
    await until(() => log.reads > reads + 2);
    await follower.close();
    expect(follower.troubles).toEqual([]);
  });
});
