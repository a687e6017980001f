/** Why a snapshot can't be used, or a move of LATEST can't be made. Codes are stable; messages are for people. */
export type SnapshotErrorCode =
  /** What was given is no snapshot id at all. */
  | 'SNAPSHOT_BAD_ID'
  | 'SNAPSHOT_NOT_FOUND'
  /** Damaged: a checksum, a size or the list of files doesn't match. */
  | 'SNAPSHOT_CORRUPT'
  /** Whole, perhaps, but of another format, version or tenant. */
  | 'SNAPSHOT_FOREIGN'
  /** Laid away where it can't be read before it is fetched back. */
  | 'SNAPSHOT_ARCHIVED'
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

export function notFound(id: string): SnapshotError {
  return new SnapshotError('SNAPSHOT_NOT_FOUND', `there is no snapshot ${id}`);
}

export function corrupt(id: string, what: string): SnapshotError {
  return new SnapshotError('SNAPSHOT_CORRUPT', `snapshot ${id} ${what}`);
}

/** For `catch`: the error, where it is one of a snapshot; any other goes on. */
export function asSnapshotError(error: unknown): SnapshotError {
  if (error instanceof SnapshotError) return error;
  throw error;
}
