/** Trimming of a log: what every checkpoint and the archive have left behind goes, and never what stands at their positions. */
import { type EventLog, type Position } from './log.js';

/** `oldest`: position of the oldest checkpoint that is kept of this log; `archived`: up to where it is archived. */
export async function trimArchived(
  log: Pick<EventLog, 'trim'>,
  { oldest, archived }: { readonly oldest: Position; readonly archived: Position },
): Promise<void> {
  // The entry at a checkpoint is where a log is known again after a failover.
  await log.trim?.(Math.min(oldest, archived));
}
