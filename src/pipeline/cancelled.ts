/** What a run is left with when nobody waits for it any more. It is no degradation: the lists after it are not made either. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';

  constructor() {
    super('the time of the operation is over, or its client is gone');
  }
}
