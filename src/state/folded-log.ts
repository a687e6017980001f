/**
 * The log that one state is folded from, as it was when its fold began. It tells where what comes next in the log is no
 * continuation of what was folded: the log has lost events or was begun again; or an erasure has given what comes next, and
 * part of what was folded, another name, so that a state folded from both would be like none that is folded from either.
 */
import { type EventLog, type Position } from '../events/log.js';

/** What was folded is no longer what the log says. */
export class OtherLogError extends Error {
  override readonly name = 'OtherLogError';
  readonly code = 'OTHER_LOG';
}

export class FoldedLog {
  readonly history: string | undefined;
  /** Number of rewrites when the fold began, and up to which they are known to be no matter to it. */
  private beganAt: number;
  private known: number;
  /** Position from which it began: 0, or that of a checkpoint. */
  private from: Position = 0;

  constructor(private readonly log: EventLog) {
    this.history = log.history;
    this.beganAt = this.known = log.rewrites?.count ?? 0;
  }

  /** Whether it is no longer the log that is folded. */
  get isOther(): boolean {
    return this.log.history !== this.history;
  }

  /**
   * The fold begins at a checkpoint.
   * @throws OtherLogError where entries behind it were rewritten: they may name somebody whom it knows by another name
   */
  beginAt(position: Position): void {
    const { upTo = 0 } = this.log.rewrites ?? {};
    if (position < upTo) throw new OtherLogError(`an erasure has rewritten the log up to ${upTo} since`);
    this.from = position;
  }

  /**
   * To be called with what was read, before it is folded by a state at this position.
   * @throws OtherLogError
   */
  refuseOther(position: Position): void {
    if (this.isOther) throw new OtherLogError('the log is no longer the one that was folded');
    const { rewrites } = this.log;
    if (rewrites === undefined || rewrites.count === this.known) return;
    const { count, upTo, since } = rewrites;
    const hasFolded = position > this.from;
    const isBehind = position > 0 && position < upTo;
    const beganMeanwhile = hasFolded && this.from < upTo && since < this.beganAt;
    if (isBehind || beganMeanwhile) throw new OtherLogError(`an erasure has rewritten the log up to ${upTo}`);
    if (!hasFolded) this.beganAt = count;
    this.known = count;
  }
}
