/**
 * Ids of snapshots: time of creation (UTC, to the millisecond) and eight random hex digits, `20171014T060000000Z-1f3a9c0e`.
 * As texts they sort by time, and they are safe as names of folders everywhere.
 */
import { randomBytes } from 'node:crypto';
import { SnapshotError } from './snapshot-error.js';

const ID = /^\d{8}T\d{9}Z-[0-9a-f]{8}$/;

export function newSnapshotId(createdAt: number): string {
  const time = new Date(createdAt).toISOString().replaceAll(/[-:.]/g, '');
  return `${time}-${randomBytes(4).toString('hex')}`;
}

export const isSnapshotId = (text: string): boolean => ID.test(text);

/** Ids come from people too; what doesn't look like one never becomes part of a path. */
export function checkSnapshotId(id: string): void {
  if (!isSnapshotId(id)) throw new SnapshotError('SNAPSHOT_BAD_ID', `${JSON.stringify(id)} is not a snapshot id`);
}
