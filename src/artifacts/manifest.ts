/**
 * What a snapshot says of itself, `manifest.json`: what it was made from and how, what it measured, and size and SHA-256
 * of each of its files. Times are milliseconds since 1970 (UTC).
 */
import { parseSealed, seal, SealError, type SealedObject, unseal } from './sealed-json.js';
import { asSnapshotError, corrupt, SnapshotError } from './snapshot-error.js';
import { isSnapshotId } from './snapshot-id.js';

export const MANIFEST_FILE = 'manifest.json';
const FORMAT = 'recograph-snapshot';
const VERSION = 1;

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export interface ManifestFile {
  readonly name: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

export interface Manifest {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  readonly id: string;
  readonly tenant: string;
  readonly createdAt: number;
  /** The data it was fitted on: from here until, exclusive, there. */
  readonly dataFrom: number;
  readonly dataUntil: number;
  readonly parameters: { readonly [name: string]: Json };
  /** Of what was judged: of one that was accepted, factors were fitted on all data after that. */
  readonly metrics: { readonly [name: string]: number };
  /** Whether it beat what was in use, and in which respect; readers don't act on it. */
  readonly gate: { readonly accepted: boolean; readonly reason: string };
  readonly files: readonly ManifestFile[];
}

/** Text of `manifest.json`. Throws on content that a reader would refuse. */
export function encodeManifest(content: Omit<Manifest, 'format' | 'version'>): string {
  const manifest = { format: FORMAT, version: VERSION, ...content };
  const problem = contentProblem(manifest);
  if (problem !== null) throw new Error(`a manifest that can't be read back: ${problem}`);
  return seal(manifest);
}

/** @throws SnapshotError SNAPSHOT_FOREIGN, SNAPSHOT_CORRUPT */
export function parseManifest(text: string): Manifest {
  try {
    const found = parseSealed(text);
    // Before the seal: another version may be sealed in another way.
    if (found['format'] !== FORMAT || found['version'] !== VERSION) {
      const name = `format ${JSON.stringify(found['format'])} version ${JSON.stringify(found['version'])}`;
      throw new SnapshotError(
        'SNAPSHOT_FOREIGN',
        `${MANIFEST_FILE} has ${name}, expected "${FORMAT}" version ${VERSION}`,
      );
    }
    const content = unseal(found);
    const problem = contentProblem(content);
    if (problem !== null) throw new SealError(`is not valid: ${problem}`);
    return content as unknown as Manifest; // every field was checked above
  } catch (error) {
    if (error instanceof SealError) throw new SnapshotError('SNAPSHOT_CORRUPT', `${MANIFEST_FILE} ${error.message}`);
    throw error;
  }
}

/**
 * The same of the manifest that stands where that of this snapshot of this tenant is expected.
 * @throws SnapshotError SNAPSHOT_FOREIGN, SNAPSHOT_CORRUPT
 */
export function parseManifestOf(text: string, { id, tenant }: Pick<Manifest, 'id' | 'tenant'>): Manifest {
  let manifest: Manifest;
  try {
    manifest = parseManifest(text);
  } catch (error) {
    const { code, message } = asSnapshotError(error);
    throw new SnapshotError(code, `snapshot ${id}: ${message}`);
  }
  if (manifest.id !== id) throw corrupt(id, `has the manifest of ${manifest.id}`);
  if (manifest.tenant === tenant) return manifest;
  const message = `snapshot ${id} belongs to tenant "${manifest.tenant}", expected "${tenant}"`;
  throw new SnapshotError('SNAPSHOT_FOREIGN', message);
}

/** Names of files within a snapshot: letters, digits, dot, dash, underscore; not hidden, no folders. */
export function fileNameProblem(name: unknown): string | null {
  const fine = typeof name === 'string' && /^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/.test(name) && name !== MANIFEST_FILE;
  return fine ? null : `${JSON.stringify(name)} can't be the name of a file`;
}

type Check = (value: unknown) => boolean;
const isObject: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isTime: Check = (value) => Number.isInteger(value) && Math.abs(value as number) <= 8.64e15;
const isGate: Check = (value) => {
  const { accepted, reason } = (isObject(value) ? value : {}) as SealedObject;
  return typeof accepted === 'boolean' && typeof reason === 'string';
};

/** What each field must be, in words and as a check. */
const FIELDS: { readonly [field in Exclude<keyof Manifest, 'format' | 'version' | 'files'>]: [string, Check] } = {
  id: ['a snapshot id', (value) => typeof value === 'string' && isSnapshotId(value)],
  tenant: ['the name of a tenant', (value) => typeof value === 'string' && value !== ''],
  createdAt: ['a time in milliseconds', isTime],
  dataFrom: ['a time in milliseconds', isTime],
  dataUntil: ['a time in milliseconds', isTime],
  parameters: ['an object', isObject],
  metrics: [
    'finite numbers by name',
    (value) => isObject(value) && Object.values(value as object).every(Number.isFinite),
  ],
  gate: ['{ accepted: boolean, reason: string }', isGate],
};

function contentProblem(content: SealedObject): string | null {
  for (const [field, [expected, check]] of Object.entries(FIELDS)) {
    if (!check(content[field])) return `"${field}" is ${JSON.stringify(content[field])}, expected ${expected}`;
  }
  if ((content['dataFrom'] as number) > (content['dataUntil'] as number)) return '"dataFrom" is after "dataUntil"';
  return filesProblem(content['files']);
}

function filesProblem(files: unknown): string | null {
  if (!Array.isArray(files)) return `"files" is ${JSON.stringify(files)}, expected a list`;
  const names = new Set<unknown>();
  for (const file of files as SealedObject[]) {
    const { name, bytes, sha256 } = isObject(file) ? file : ({} as SealedObject);
    const problem = fileNameProblem(name);
    if (problem !== null) return problem;
    if (names.has(name)) return `file "${String(name)}" is named twice`;
    names.add(name);
    if (!Number.isSafeInteger(bytes) || (bytes as number) < 0) return `file "${String(name)}" has no size`;
    if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return `file "${String(name)}" has no SHA-256`;
  }
  return null;
}
