/**
 * A lock that the processes of a machine take by name in a shared folder, and that dies with the process that holds it: a
 * row in lmdb, whose transactions one process runs at a time, names the holder.
 */
import { open } from 'lmdb';
import { isRunning, type ProcessMark, processMark } from './disk/process-mark.js';

export interface Lock {
  /** Folder of the locks; created where it doesn't exist. */
  readonly folder: string;
  readonly name: string;
}

/** A process that runs holds the lock. */
export class LockHeldError extends Error {
  override readonly name = 'LockHeldError';

  constructor(
    lock: Lock,
    readonly holder: ProcessMark,
  ) {
    super(`process ${holder.pid} holds the lock "${lock.name}"`);
  }
}

/** Runs with the lock in hand. @throws LockHeldError, at once: it doesn't wait */
export async function exclusively<Result>(lock: Lock, run: () => Promise<Result>): Promise<Result> {
  const { folder, name } = lock;
  const holders = open<ProcessMark, string>({ path: folder });
  try {
    holders.transactionSync(() => {
      const holder = holders.get(name);
      if (holder !== undefined && isRunning(holder)) throw new LockHeldError(lock, holder);
      holders.putSync(name, processMark());
    });
    try {
      return await run();
    } finally {
      holders.removeSync(name);
    }
  } finally {
    await holders.close();
  }
}
