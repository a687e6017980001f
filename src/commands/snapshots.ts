/**
 * `recograph snapshots list | show | pin | unpin | rollback`: what a store of snapshots holds, and which one readers
 * take.
 */
import { type Command } from 'commander';
import { FilesSnapshotStore } from '../artifacts/files-snapshot-store.js';
import { SnapshotError } from '../artifacts/snapshot-error.js';
import { type SnapshotStore } from '../artifacts/snapshot-store.js';
import { type Config } from '../config.js';
import { snapshotsOf } from '../open-artifacts.js';
import { describeManifest, describeSnapshots } from './snapshot-table.js';

interface SnapshotsOptions {
  readonly data?: string;
  readonly snapshots?: string;
  readonly json: boolean;
}
/** What a command found out: for a script, and in words. */
interface Answer {
  readonly json: object;
  readonly lines: readonly string[];
}
type Action = (store: SnapshotStore, id: string) => Promise<Answer>;

/** Adds the command to the program. */
export function snapshotsCommand(program: Command, configOf: (options: { readonly data?: string }) => Config): void {
  const snapshots = program.command('snapshots').description('what was fitted: list, show, pin, unpin, roll back');
  const add = (usage: string, purpose: string, run: Action): void => {
    const command = snapshots
      .command(usage)
      .description(purpose)
      .option('--data <folder>', 'data folder (default: RECOGRAPH_DATA, else ./data)')
      .option(
        '--snapshots <folder>',
        'folder of snapshots (default: RECOGRAPH_SNAPSHOTS, else snapshots within the data folder)',
      )
      .option('--json', 'answer as JSON', false);
    command.action(async () => {
      const options = command.opts<SnapshotsOptions>();
      const { json, lines } = await run(openSnapshots(configOf(options), options.snapshots), command.args[0] ?? '');
      const text = options.json ? JSON.stringify(json, null, 2) : lines.join('\n');
      process.stdout.write(`${text}\n`);
    });
  };
  add('list', 'all snapshots, newest first', list);
  add('show <id>', 'reads and verifies one and says what it holds', show);
  add('pin <id>', 'makes readers take this one, whatever is LATEST', async (store, id) => {
    await store.pin(id);
    return standing(store);
  });
  add('unpin', 'lets readers take LATEST again', async (store) => {
    await store.unpin();
    return standing(store);
  });
  add('rollback', 'moves LATEST back to the snapshot that was it before', async (store) => {
    await store.rollback();
    return standing(store);
  });
}

/** The store that the settings ask for, or the one in a folder given. */
export function openSnapshots(config: Config, folder?: string): SnapshotStore {
  return folder === undefined ? snapshotsOf(config, { onProblem: tell }) : new FilesSnapshotStore(folder);
}

const tell = (problem: string): void => void process.stderr.write(`${problem}\n`);

const list: Action = async (store) => {
  const found = await store.list();
  const snapshots = found.map(({ problem, ...snapshot }) => ({
    ...snapshot,
    problem: problem && { code: problem.code, message: problem.message },
  }));
  // What is there is told, also where nothing says which of them is in use.
  const current = await store.current().catch(asProblem);
  return current instanceof SnapshotError
    ? {
        json: { current: null, problem: { code: current.code, message: current.message }, snapshots },
        lines: [...describeSnapshots(found), `${current.code}: ${current.message}`],
      }
    : { json: { current, snapshots }, lines: describeSnapshots(found) };
};

function asProblem(error: unknown): SnapshotError {
  if (error instanceof SnapshotError) return error;
  throw error;
}

const show: Action = async (store, id) => {
  const { manifest } = await store.read(id);
  const [latest, current] = [await store.latest(), await store.current()];
  return {
    json: { latest: id === latest, current: id === current, manifest },
    lines: describeManifest(manifest, id === current ? ', current' : ''),
  };
};

/** Where LATEST and the pin are. */
async function standing(store: SnapshotStore): Promise<Answer> {
  const [latest, current] = [await store.latest(), await store.current()];
  const pinned = (await store.list()).find((snapshot) => snapshot.pinned)?.id ?? null;
  const readers = current === null ? 'there is no snapshot' : `readers take ${current}`;
  const held = pinned === null ? '' : `, which is pinned; LATEST is ${latest ?? 'none yet'}`;
  return { json: { latest, pinned, current }, lines: [`${readers}${held}`] };
}
