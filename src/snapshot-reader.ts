/**
 * Reads and verifies snapshots in threads of their own: to hash 400 MB takes half a second, which is not taken from requests, nor
 * from a start, where it can begin before most of the program is loaded. The bytes are handed over, not copied.
 */
import { join } from 'node:path';
import { type Worker } from 'node:worker_threads';
import { SnapshotError, type SnapshotErrorCode } from './artifacts/snapshot-error.js';
import { type Artifacts, type ReadableSnapshots, type SnapshotStore } from './artifacts/snapshot-store.js';
import { type ArtifactSettings, type ArtifactsTold } from './open-artifacts.js';
import { type ReadingMessage, type ReadingTask } from './snapshot-reading.js';
import { startThread } from './threads/start-thread.js';

export class SnapshotReader {
  /** What was begun before anybody asked: for the first who asks. */
  private begun: Reading | null = null;
  private readonly settings: ArtifactSettings;

  constructor(config: ArtifactSettings) {
    const { dataFolder, snapshotsFolder, azureConnectionString, azureAccount, azureContainer, blobTimeoutMs } = config;
    // Without what else settings hold: not all of it can be sent to a thread.
    this.settings = { dataFolder, snapshotsFolder, azureConnectionString, azureAccount, azureContainer, blobTimeoutMs };
  }

  /** Begins to read the snapshot that is to be used. What goes wrong is told of when it is tried again by who asks for it. */
  begin(): void {
    this.begun = readInThread({ settings: this.settings, id: null }, { onProblem: () => undefined });
    // A start that fails before anybody asks does not wait for it.
    this.begun.thread?.unref();
    this.begun.artifacts.catch(() => undefined);
  }

  /** The store of these settings, read through threads. */
  over(store: SnapshotStore, told: ArtifactsTold): ReadableSnapshots {
    let ready: Artifacts | null = null;
    return {
      list: () => store.list(),
      manifest: (id) => store.manifest(id),
      current: async () => {
        const { begun } = this;
        this.begun = null;
        begun?.thread?.ref();
        // What was begun may have been withdrawn since; side by side, for a service that is away is late in saying so.
        const [id, held] = await Promise.all([store.current(), begun?.artifacts.catch(() => null)]);
        ready = held != null && held.manifest.id === id ? held : null;
        return id;
      },
      read: async (id) => {
        const held = ready;
        ready = null;
        if (held?.manifest.id === id) return held;
        return (await readInThread({ settings: this.settings, id }, told).artifacts)!;
      },
    };
  }
}

interface Reading {
  /** Null where none could be started. */
  readonly thread: Worker | null;
  /** Rejects with a SnapshotError; with another error that has a code where the store can't be reached or its package is missing. */
  readonly artifacts: Promise<Artifacts | null>;
}

function readInThread(task: ReadingTask, told: ArtifactsTold): Reading {
  try {
    const thread = startThread(join(__dirname, 'snapshot-reading'), { workerData: task });
    return { thread, artifacts: endOf(thread, told) };
  } catch (error) {
    return { thread: null, artifacts: Promise.reject(error as Error) };
  }
}

function endOf(thread: Worker, { onProblem, onCall }: ArtifactsTold): Promise<Artifacts | null> {
  return new Promise((resolve, reject) => {
    thread.on('error', reject);
    thread.on('exit', (code) => reject(new Error(`the thread that read the snapshot ended with ${code}`)));
    thread.on('message', (message: ReadingMessage) => {
      if (message.kind === 'problem') onProblem(message.message);
      else if (message.kind === 'call') onCall?.(message.call);
      else if (message.kind === 'failed') reject(errorOf(message));
      else resolve(message.artifacts);
    });
  });
}

function errorOf({ name, message, code }: Extract<ReadingMessage, { kind: 'failed' }>): Error {
  if (name === SnapshotError.name) return new SnapshotError(code as SnapshotErrorCode, message);
  return Object.assign(new Error(message), { code });
}
