/**
 * Opens what the settings ask for: snapshots and checkpoints in folders, or in Azure Blob Storage where an account is set. What a
 * folder given by the command line names is always a folder.
 */
import { join } from 'node:path';
import { AzureBlobSnapshotStore } from './artifacts/azure-blob-snapshot-store.js';
import { FilesSnapshotStore } from './artifacts/files-snapshot-store.js';
import { type SnapshotStore } from './artifacts/snapshot-store.js';
import { type Config } from './config.js';
import { type EventLog } from './events/log.js';
import { type CallListener } from './remote/guard.js';
import { BlobConnection } from './remote/blob/blob-connection.js';
import { AzureBlobCheckpointStore } from './state/azure-blob-checkpoint-store.js';
import { type CheckpointStore } from './state/checkpoint-store.js';
import { FilesCheckpointStore } from './state/files-checkpoint-store.js';

export interface OpenArtifacts {
  readonly snapshots: SnapshotStore;
  /**
   * Where the checkpoints of this log are: those of a log that replicas share in Blob Storage, where there is one; those of
   * an embedded log beside it, for to another machine they are worth nothing.
   */
  checkpointsOf(log: Pick<EventLog, 'history'>): CheckpointStore;
}

/** What of the settings says where artifacts are. */
export type ArtifactSettings = Pick<
  Config,
  'dataFolder' | 'snapshotsFolder' | 'azureConnectionString' | 'azureAccount' | 'azureContainer' | 'blobTimeoutMs'
>;
type Tell = (message: string) => void;

/** Who is told when Blob Storage goes away, and of every call to it. */
export interface ArtifactsTold {
  readonly onProblem: Tell;
  readonly onCall?: CallListener;
}

/** @throws MissingPackageError */
export async function openArtifacts(config: ArtifactSettings, told: ArtifactsTold): Promise<OpenArtifacts> {
  const connection = connectionOf(config, told);
  await connection?.load();
  return {
    snapshots: snapshotsIn(connection, config, told.onProblem),
    checkpointsOf: ({ history }) =>
      connection === null || history === undefined
        ? new FilesCheckpointStore(join(config.dataFolder, 'checkpoints'))
        : new AzureBlobCheckpointStore({ connection }),
  };
}

/** The snapshots alone; a package that is missing is told of by the first call. */
export function snapshotsOf(config: ArtifactSettings, told: ArtifactsTold): SnapshotStore {
  return snapshotsIn(connectionOf(config, told), config, told.onProblem);
}

export function usesBlobStorage({ azureConnectionString, azureAccount }: ArtifactSettings): boolean {
  return azureConnectionString !== null || azureAccount !== null;
}

function snapshotsIn(connection: BlobConnection | null, config: ArtifactSettings, onProblem: Tell): SnapshotStore {
  if (connection === null) return new FilesSnapshotStore(config.snapshotsFolder);
  return new AzureBlobSnapshotStore(connection, { onProblem });
}

/** Null where no account is set. A connection string wins over the name of an account. */
function connectionOf(config: ArtifactSettings, told: ArtifactsTold): BlobConnection | null {
  const { azureConnectionString: connectionString, azureAccount, azureContainer: container, blobTimeoutMs } = config;
  if (!usesBlobStorage(config)) return null;
  const account =
    connectionString === null ? { url: `https://${azureAccount}.blob.core.windows.net` } : { connectionString };
  return new BlobConnection({ account, container, timeoutMs: blobTimeoutMs, ...told });
}
