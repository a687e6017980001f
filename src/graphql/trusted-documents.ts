/**
 * The trusted documents in use. A manifest file is read at the start and again when it has changed or somebody asks; one that
 * is bad stops the start, and later leaves the documents before it in use. Swapped whole, never in part. A team has reviewed what is in
 * it, so documents may be beyond the limits of others; the log tells which are.
 */
import { unwatchFile, watchFile } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type GraphQLSchema } from 'graphql';
import { type BeyondLimits } from './beyond-limits.js';
import { type ManifestEntry, ManifestError, parseManifest } from './manifest.js';
import { operationsOf, type TrustedTable, trustedTable } from './trusted-table.js';

export interface TrustedDocumentsParts {
  readonly schema: GraphQLSchema;
  /** Path of the manifest; null: the documents are those given. */
  readonly manifest: string | null;
  /** What is trusted without a manifest. */
  readonly otherwise: readonly ManifestEntry[];
  /** Which limits of other documents one of the manifest is beyond. */
  readonly beyond: BeyondLimits;
  readonly log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

/** How often the file is looked at, ms. */
const LOOK_EVERY_MS = 1_000;
const BEYOND = 'a trusted document is beyond a limit that all others are held to';

export class TrustedDocuments {
  private constructor(
    private readonly parts: TrustedDocumentsParts,
    private inUse: TrustedTable,
  ) {}

  /** @throws ManifestError */
  static async open(parts: TrustedDocumentsParts): Promise<TrustedDocuments> {
    return new TrustedDocuments(parts, await read(parts));
  }

  get table(): TrustedTable {
    return this.inUse;
  }

  /** Reads the file whenever it has changed, until the function that it returns is called. */
  follow(): () => void {
    const { manifest } = this.parts;
    if (manifest === null) return () => undefined;
    const reload = (): void => void this.reload();
    watchFile(manifest, { interval: LOOK_EVERY_MS, persistent: false }, reload);
    process.on('SIGHUP', reload);
    return () => {
      unwatchFile(manifest, reload);
      process.off('SIGHUP', reload);
    };
  }

  private async reload(): Promise<void> {
    const { manifest, log } = this.parts;
    try {
      this.inUse = await read(this.parts);
      log.info({ manifest, documents: this.inUse.documents.size }, 'trusted documents were read again');
    } catch (error) {
      log.warn({ manifest, error: (error as Error).message }, 'the new manifest is bad; the one before stays in use');
    }
  }
}

async function read({ schema, manifest, otherwise, beyond, log }: TrustedDocumentsParts): Promise<TrustedTable> {
  if (manifest === null) return trustedTable(otherwise, schema);
  const text = await readFile(manifest, 'utf8').catch((error: Error) => {
    throw new ManifestError(`the manifest can't be read: ${error.message}`);
  });
  const entries = parseManifest(text);
  const table = trustedTable(entries, schema);
  for (const { id } of entries) {
    const trusted = table.byHash.get(id)!;
    for (const { code, message } of beyond(trusted)) {
      const [operation = null] = operationsOf(trusted.document).flatMap(({ name }) => name?.value ?? []);
      log.warn({ operation, document: id, code, problem: message }, BEYOND);
    }
  }
  return table;
}
