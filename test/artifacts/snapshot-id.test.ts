import { isSnapshotId, newSnapshotId } from '../../src/artifacts/snapshot-id.js';

it('ids of snapshots sort by time', () => {
  const times = [0, 999, 1_000, Date.UTC(2017, 8, 30), Date.UTC(2017, 9, 1), Date.UTC(2026, 0, 1, 12)];
  const ids = times.map(newSnapshotId);
  expect(ids.toSorted()).toEqual(ids);
  expect(ids.every(isSnapshotId)).toBe(true);
  expect(newSnapshotId(Date.UTC(2017, 9, 14, 6, 7, 8, 9))).toMatch(/^20171014T060708009Z-[0-9a-f]{8}$/);
});
