import { NO_SNAPSHOTS, snapshotTimeline } from '../../src/replay/snapshot-timeline.js';

const snapshot = (id: string, dataUntil: number, createdAt = dataUntil) => ({
  id,
  dataUntil,
  createdAt,
  metrics: {},
  weights: null,
  als: null,
  ranker: null,
});

describe('snapshotTimeline', () => {
  const timeline = snapshotTimeline([snapshot('second', 200), snapshot('third', 300), snapshot('first', 100)]);

  it('gives the newest that is not after the query', () => {
    expect([99, 100, 199, 250, 1_000].map((now) => timeline.at(now)?.id ?? null)).toEqual([
      null,
      'first',
      'first',
      'second',
      'third',
    ]);
  });

  it('does not take data until exactly the query for the future', () => {
    expect(timeline.at(300)?.id).toBe('third');
  });

  it('goes by when the data ends, not by when the fit was done; of equal ends the later fit counts', () => {
    expect(snapshotTimeline([snapshot('late fit of old data', 100, 900), snapshot('b', 200, 300)]).at(250)?.id).toBe(
      'b',
    );
    expect(snapshotTimeline([snapshot('a', 100, 110), snapshot('b', 100, 120)]).at(100)?.id).toBe('b');
  });

  it('has none where there are none', () => {
    expect(NO_SNAPSHOTS.at(Infinity)).toBeNull();
    expect(snapshotTimeline([]).at(Infinity)).toBeNull();
  });
});
