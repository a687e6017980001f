/** Why a snapshot can't be used, or a move of LATEST can't be made. Codes are stable; messages are for people. */
export type SnapshotErrorCode =
  /** What was given is no snapshot id at all. */
  | 'SNAPSHOT_BAD_ID'
  | 'SNAPSHOT_NOT_FOUND'
  /** Damaged: a checksum, a size or the list of files doesn't match. */
  | 'SNAPSHOT_CORRUPT'
  /** Whole, perhaps, but of another format, version or tenant. */
  | 'SNAPSHOT_FOREIGN'
  /** Nothing to roll back to. */
  | 'SNAPSHOT_NO_PREVIOUS';

export class SnapshotError extends Error {
  override readonly name = 'SnapshotError';

  constructor(
    readonly code: SnapshotErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
