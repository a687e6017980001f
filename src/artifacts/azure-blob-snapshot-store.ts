/**
 * Snapshots in a container of Azure Blob Storage, beside each other by tenant. Several publishers, servers and operators may
 * use it at once; whatever is decided is decided by the service, and no clock but its own is asked.
 */
import { type BlobConnection } from '../remote/blob/blob-connection.js';
import { AzureBlobSnapshots } from './azure-blob-snapshots.js';
import { HeadedSnapshotStore } from './headed-snapshot-store.js';
import { checkTenant } from './tenant.js';

export interface AzureBlobSnapshotOptions {
  readonly tenant?: string;
  /** Told of what could not be done and does not matter for what is served. */
  readonly onProblem?: (message: string) => void;
}

export class AzureBlobSnapshotStore extends HeadedSnapshotStore {
  constructor(
    connection: BlobConnection,
    { tenant = 'main', onProblem = () => undefined }: AzureBlobSnapshotOptions = {},
  ) {
    checkTenant(tenant);
    super(new AzureBlobSnapshots(connection, tenant, onProblem));
  }
}
