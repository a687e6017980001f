/** The snapshots of a store that a replay may use: those that production would have served then. */
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
 * Snapshots that passed their gate and whose data end before `to`; each is used from there on.
 * @throws ReplayError SNAPSHOT_FROM_FUTURE where there are only later ones, CommandError NO_SNAPSHOT where there is none
 */
export async function replaySnapshots(
  store: SnapshotStore,
  to: number,
  onProblem: (message: string) => void,
): Promise<ReplaySnapshots> {
  const usable: Snapshot[] = [];
  const refused: { id: string; dataUntil: number; code: string }[] = [];
  for (const { id, manifest, problem } of await store.list()) {
    if (manifest === null) onProblem(`snapshot ${id} is not used: ${problem?.message}`);
    else if (manifest.dataUntil >= to) {
      refused.push({ id, dataUntil: manifest.dataUntil, code: 'SNAPSHOT_FROM_FUTURE' });
    } else if (manifest.gate.accepted) {
      await store
        .read(id)
        .then((artifacts) => usable.push(snapshotOf(artifacts)))
        .catch((error: unknown) => onProblem(`snapshot ${id} is not used: ${(error as Error).message}`));
    }
  }
  for (const { id, dataUntil } of refused) onProblem(`SNAPSHOT_FROM_FUTURE: ${id} ${knows(dataUntil)} and is not used`);
  if (usable.length > 0) return { timeline: snapshotTimeline(usable), refused };
  const [first] = refused;
  if (first !== undefined) {
    const message = `snapshot ${first.id} ${knows(first.dataUntil)}, and there is no earlier one`;
    throw new ReplayError('SNAPSHOT_FROM_FUTURE', message);
  }
  throw new CommandError('NO_SNAPSHOT', 'there is no snapshot that could be used in the folder given by --snapshots');
}

function knows(dataUntil: number): string {
  return `knows data until ${new Date(dataUntil).toISOString()}, past the last list asked for`;
}
