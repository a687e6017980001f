/** A query that can't be answered as it was asked; the code is stable, the message says what was found and what is allowed. */
export type QueryErrorCode = 'UNKNOWN_ITEM' | 'UNKNOWN_ATTRIBUTE' | 'WRONG_TYPE' | 'BAD_FILTER';

export class QueryError extends Error {
  override readonly name = 'QueryError';

  constructor(
    readonly code: QueryErrorCode,
    message: string,
  ) {
    super(message);
  }
}
