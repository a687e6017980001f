/** The fold is at a position from which on the store no longer keeps records: it has to start again from a newer checkpoint. */
export class FellBehindError extends Error {
  override readonly name = 'FellBehindError';
  readonly code = 'FELL_BEHIND';

  constructor(position: number, kept: number) {
    super(
      `the state stands at position ${position}, and records of users who left memory are kept from ${kept} on: it has to start again from a checkpoint at or after that`,
    );
  }
}
