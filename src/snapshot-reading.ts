/**
 * The thread that reads one snapshot: what it is told, what it says meanwhile and in the end. See `SnapshotReader`.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { type Manifest } from './artifacts/manifest.js';
import { type ArtifactSettings, snapshotsOf } from './open-artifacts.js';
import { type RemoteCall } from './remote/guard.js';

export interface ReadingTask {
  readonly settings: ArtifactSettings;
  /** Null: the one that is to be used. */
  readonly id: string | null;
}

export type ReadingMessage =
  | { readonly kind: 'problem'; readonly message: string }
  | { readonly kind: 'call'; readonly call: RemoteCall }
  | { readonly kind: 'failed'; readonly name: string; readonly message: string; readonly code: unknown }
  /** The end: null where no snapshot is to be used. The files are the receiver's, not copied. */
  | { readonly kind: 'read'; readonly artifacts: { readonly manifest: Manifest; readonly files: Files } | null };

type Files = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

async function read({ settings, id }: ReadingTask, tell: (message: ReadingMessage) => void): Promise<void> {
  const store = snapshotsOf(settings, {
    onProblem: (message) => tell({ kind: 'problem', message }),
    onCall: (call) => tell({ kind: 'call', call }),
  });
  try {
    const wanted = id ?? (await store.current());
    const artifacts = wanted === null ? null : await store.read(wanted);
    tell({ kind: 'read', artifacts: artifacts && { ...artifacts, files: artifacts.files as Files } });
  } catch (error) {
    const { name, message, code } = error as Error & { readonly code?: unknown };
    tell({ kind: 'failed', name, message, code });
  }
}

// Only a thread has a parent: whoever imports the types starts nothing.
if (parentPort !== null) {
  const port = parentPort;
  void read(workerData as ReadingTask, (message) => {
    const files = message.kind === 'read' ? [...(message.artifacts?.files.values() ?? [])] : [];
    port.postMessage(
      message,
      files.map(({ buffer }) => buffer),
    );
  });
}
