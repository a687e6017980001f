/**
 * The snapshots of a store that a replay may use: those that are LATEST or led there, each from where its data end, for that is
 * what readers were served. What a gate refused, what another training was quicker than, and what was rolled back from is not
 * among them. A pin is not told either: nothing says for which days of the log it would have held.
 */
import { type SnapshotStore } from '../artifacts/snapshot-store.js';
import { type Snapshot } from '../engine/snapshot.js';
import { snapshotOf } from '../engine/snapshot-files.js';
import { ReplayError } from '../replay/replay-error.js';
import { snapshotTimeline, type SnapshotTimeline } from '../replay/snapshot-timeline.js';
import { CommandError } from './options.js';

export interface ReplaySnapshots {
  readonly timeline: SnapshotTimeline;
  /** Those that know the whole window, or what comes after it. */
  readonly refused: readonly { readonly id: string; readonly dataUntil: number; readonly code: string }[];
}

/**
 * Of these the ones whose data end before `to`.
 * @throws ReplayError SNAPSHOT_FROM_FUTURE where there are only later ones, SnapshotError where LATEST was lost, CommandError NO_SNAPSHOT where there is none, or none that can be read
 */
export async function replaySnapshots(
  store: SnapshotStore,
  to: number,
  onProblem: (message: string) => void,
): Promise<ReplaySnapshots> {
  const usable: Snapshot[] = [];
  const refused: { id: string; dataUntil: number; code: string }[] = [];
  let unreadable = 0;
  for (const { id, latest, earlier, manifest, problem } of await store.list()) {
    const leave = ({ message }: Error): void => {
      onProblem(`snapshot ${id} is not used: ${message}`);
      if (latest || earlier) unreadable++;
    };
    if (manifest === null) leave(problem!);
    else if (manifest.dataUntil >= to) {
      refused.push({ id, dataUntil: manifest.dataUntil, code: 'SNAPSHOT_FROM_FUTURE' });
    } else if (latest || earlier) {
      await store
        .read(id)
        .then((artifacts) => usable.push(snapshotOf(artifacts)))
        .catch(leave);
    }
  }
  for (const { id, dataUntil } of refused) onProblem(`SNAPSHOT_FROM_FUTURE: ${id} ${knows(dataUntil)} and is not used`);
  if (usable.length > 0) return { timeline: snapshotTimeline(usable), refused };
  const [first] = refused;
  if (first !== undefined) {
    const message = `snapshot ${first.id} ${knows(first.dataUntil)}, and there is no earlier one`;
    throw new ReplayError('SNAPSHOT_FROM_FUTURE', message);
  }
  await store.current(); // throws where LATEST was lost
  const those = 'in the folder given by --snapshots';
  const why = unreadable > 0 ? `none of those ${those} that are, or were, LATEST can be read` : null;
  throw new CommandError('NO_SNAPSHOT', why ?? `no snapshot ${those} is, or was, LATEST`);
}

function knows(dataUntil: number): string {
  return `knows data until ${new Date(dataUntil).toISOString()}, past the last list asked for`;
}
