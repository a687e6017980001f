/**
 * What stores that answer at once have in common: the records of one fold are those of another, nothing has to be brought near, and
 * nothing waits to be written.
 */
export abstract class AtHandRecords {
  readonly fold = 0;

  forFold(): this {
    return this;
  }

  isAtHand(): boolean {
    return true;
  }

  prefetch(): null {
    return null;
  }

  flush(): null {
    return null;
  }
}
