/** What makes a fixed split unusable. Codes are stable; messages name the file, the line and what stands there. */
export class SplitError extends Error {
  override readonly name = 'SplitError';

  constructor(
    readonly code: 'FILE_NOT_FOUND' | 'UNREADABLE_FILE' | 'BAD_ROW' | 'EMPTY_SPLIT',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
