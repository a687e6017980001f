/** Drafts of snapshots for tests: small, and of known content. */
import { type SnapshotDraft } from '../../src/artifacts/snapshot-store.js';

export const CREATED_AT = Date.UTC(2017, 9, 14, 6);

/** The n-th draft, one minute after the one before. */
export function draft(n: number, changes: Partial<SnapshotDraft> = {}): SnapshotDraft {
  return {
    createdAt: CREATED_AT + n * 60_000,
    dataFrom: CREATED_AT - 86_400_000,
    dataUntil: CREATED_AT,
    parameters: { factors: 64, weights: { CLICK: 1 }, 10: [null, 'ten'] },
    metrics: { hr: 0.625, ndcg: 1 / 3 },
    gate: { accepted: true, reason: 'better by 0.012 (0.004 to 0.020)' },
    files: new Map([
      ['factors.bin', Buffer.from(`factors of ${n}`)],
      ['items.txt', Buffer.alloc(3_000_000, `item ${n}, `)],
      ['empty', new Uint8Array()],
    ]),
    ...changes,
  };
}
