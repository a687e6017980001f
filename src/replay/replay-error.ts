/** What a replay refuses to do: it would know the future. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError';

  constructor(
    readonly code: 'SNAPSHOT_FROM_FUTURE' | 'TARGET_ALREADY_FOLDED',
    message: string,
  ) {
    super(message);
  }
}
