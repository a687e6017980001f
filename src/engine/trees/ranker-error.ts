/** Why an ensemble of trees can't be used as it was asked. Codes are stable; messages are for people. */
export type RankerErrorCode =
  /** Damaged: a field is missing, has another length than it says, or holds what no tree can hold. */
  | 'RANKER_CORRUPT'
  /** Whole, perhaps, but no model that this engine scores: another format or version, several outputs, averaged trees. */
  | 'RANKER_FOREIGN'
  /** Fitted to features that are unknown here or stand in another order. */
  | 'RANKER_FEATURES'
  /** What is asked for is defined for constant leaves only. */
  | 'RANKER_LINEAR';

export class RankerError extends Error {
  override readonly name = 'RankerError';

  constructor(
    readonly code: RankerErrorCode,
    message: string,
  ) {
    super(message);
  }
}
