/**
 * Moves between tiers of Azure Blob Storage: what readers take and what one can roll back to is Hot, all other snapshots are
 * Cool, which costs less to keep and more to read. Manifests stay Hot: every listing reads them.
 */
import { type BlobConnection, codeOf } from '../remote/blob/blob-connection.js';
import { type BlobProperties } from '../remote/blob/list.js';
import { wayBack } from './headed-snapshot-store.js';
import { MANIFEST_FILE } from './manifest.js';
import { type Head } from './snapshot-head.js';

/** Whose blobs stand otherwise only the service moves, or somebody by hand. */
const MOVED = new Set(['Hot', 'Cool']);
/** Accounts that have no tiers, such as premium ones, say so with these. */
const NO_TIERS = new Set(['BlobAccessTierNotSupportedForAccountType', 'FeatureNotSupportedForAccount']);

/** `byId`: blobs of each snapshot, by name of the file. */
export async function moveTiers(
  connection: BlobConnection,
  byId: ReadonlyMap<string, ReadonlyMap<string, BlobProperties>>,
  head: Head,
): Promise<void> {
  // One that was just published is about to be LATEST, or to be refused: then the next change moves it.
  const newest = [...byId.keys()].toSorted().at(-1);
  const hot = new Set([head.latest, head.pinned, newest, ...wayBack(head)]);
  for (const [id, files] of byId) {
    const tier = hot.has(id) ? 'Hot' : 'Cool';
    for (const [name, blob] of files) {
      if (name === MANIFEST_FILE || blob.tier === tier || !MOVED.has(blob.tier ?? '')) continue;
      try {
        await connection.call((container, abortSignal) =>
          container.getBlobClient(blob.path).setAccessTier(tier, { abortSignal }),
        );
      } catch (error) {
        if (NO_TIERS.has(codeOf(error) ?? '')) return;
        throw error;
      }
    }
  }
}
