import { type LogEntry, type Position } from '../../src/events/log.js';
import { RecentEntries } from '../../src/events/recent-entries.js';
import { click } from '../contracts/event-log.contract.js';

const entries = (from: Position, to: Position): LogEntry[] =>
  Array.from({ length: to - from + 1 }, (_, i) => ({ position: from + i, event: click(`${from + i}`) }));
const positions = (taken: readonly LogEntry[]): Position[] => taken.map(({ position }) => position);

describe('recent entries', () => {
  it('are given once, from behind the position', () => {
    const recent = new RecentEntries();
    recent.add(entries(3, 5));
    expect(positions(recent.take(3))).toEqual([4, 5]);
    expect(recent.take(3)).toEqual([]);
  });

  it('are not given where the first of those that are wanted is not held', () => {
    const recent = new RecentEntries();
    recent.add(entries(3, 5));
    expect(recent.take(1)).toEqual([]);
    expect(positions(recent.take(2))).toEqual([3, 4, 5]);
  });

  it('have no gap and nothing twice, whoever told of them', () => {
    const recent = new RecentEntries();
    recent.add(entries(1, 3));
    recent.add(entries(2, 4));
    expect(positions(recent.take(0))).toEqual([1, 2, 3, 4]);
    recent.add(entries(5, 6));
    recent.add(entries(8, 9));
    expect(recent.take(4)).toEqual([]);
    expect(positions(recent.take(7))).toEqual([8, 9]);
  });

  it('are those behind the last gap of what was told at once, as where an erasure has taken some out', () => {
    const recent = new RecentEntries();
    recent.add([...entries(1, 2), ...entries(4, 4), ...entries(7, 9)]);
    expect(recent.take(0)).toEqual([]);
    expect(recent.take(3)).toEqual([]);
    expect(positions(recent.take(6))).toEqual([7, 8, 9]);
  });

  it('are bounded: who folds is far behind then, and reads', () => {
    const recent = new RecentEntries();
    recent.add(entries(1, 4_000));
    recent.add(entries(4_001, 8_000));
    expect(recent.take(0)).toEqual([]);
    expect(recent.take(8_000 - 4_096)).toHaveLength(4_096);
  });
});
