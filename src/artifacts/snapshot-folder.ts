/** One snapshot as a folder: `manifest.json`, the files that it names, and nothing else but hidden files. */
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readHashed, flush, writeDurable } from '../disk/durable-file.js';
import {
  encodeManifest,
  fileNameProblem,
  type Manifest,
  MANIFEST_FILE,
  type ManifestFile,
  parseManifest,
  parseManifestOf,
} from './manifest.js';
import { corrupt, notFound } from './snapshot-error.js';
import { type SnapshotDraft } from './snapshot-store.js';

/** Of files read side by side, together: their hashes may fall into one turn of the event loop, 1 to 2 ms, where a command reads. */
const TOGETHER_BYTES = 2 ** 20;

/** Writes all of a draft into a new folder, flushed; the manifest comes last. */
export async function writeSnapshotFolder(
  folder: string,
  { files: contents, ...draft }: SnapshotDraft,
  { id, tenant }: Pick<Manifest, 'id' | 'tenant'>,
): Promise<Manifest> {
  await mkdir(folder);
  const files: ManifestFile[] = [];
  for (const [name, bytes] of contents) {
    const problem = fileNameProblem(name);
    if (problem !== null) throw new Error(problem);
    files.push({ name, bytes: bytes.length, sha256: await writeDurable(join(folder, name), bytes) });
  }
  const text = encodeManifest({ id, tenant, ...draft, files });
  await writeDurable(join(folder, MANIFEST_FILE), Buffer.from(text));
  await flush(folder);
  return parseManifest(text);
}

/**
 * The manifest, once everything but the contents of the files is as it says.
 * @throws SnapshotError
 */
export async function readFolderManifest(folder: string, tenant: string): Promise<Manifest> {
  const id = basename(folder);
  // Side by side: in a busy process every wait takes long.
  const reading = readFile(join(folder, MANIFEST_FILE), 'utf8');
  reading.catch(() => undefined);
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw notFound(id);
    if (error.code === 'ENOTDIR') throw corrupt(id, 'is not a folder');
    throw error;
  });
  if (!names.includes(MANIFEST_FILE)) throw corrupt(id, `has no ${MANIFEST_FILE}`);
  const manifest = parseManifestOf(await reading, { id, tenant });
  await Promise.all(
    manifest.files.map(async ({ name, bytes }) => {
      const { size } = await stat(join(folder, name)).catch(missing(folder, name));
      if (size !== bytes) throw corrupt(id, `has ${size} bytes in ${name}, expected ${bytes}`);
    }),
  );
  const known = new Set([MANIFEST_FILE, ...manifest.files.map(({ name }) => name)]);
  const extra = names.find((name) => !name.startsWith('.') && !known.has(name));
  if (extra !== undefined) throw corrupt(id, `has a file ${extra}, which its manifest does not name`);
  return manifest;
}

/**
 * The files, each with its checksum verified: as many side by side as are no more together than one turn of the event loop
 * may hash, for in a busy process every turn takes long; a larger one alone.
 * @throws SnapshotError
 */
export async function readFolderFiles(folder: string, manifest: Manifest): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const group of groupsOf(manifest.files)) {
    const read = await Promise.all(group.map((file) => readVerified(folder, manifest.id, file)));
    group.forEach(({ name }, at) => files.set(name, read[at]!));
  }
  return files;
}

/** In their order, as many in a row as stay within the limit together. */
function groupsOf(files: readonly ManifestFile[]): ManifestFile[][] {
  const groups: ManifestFile[][] = [];
  let left = 0;
  for (const file of files) {
    if (file.bytes > left || groups.length === 0) {
      groups.push([]);
      left = TOGETHER_BYTES;
    }
    groups.at(-1)!.push(file);
    left -= file.bytes;
  }
  return groups;
}

/**
 * Verifies the files one after the other: one at a time is in memory.
 * @throws SnapshotError
 */
export async function verifyFolderFiles(folder: string, { id, files }: Manifest): Promise<void> {
  for (const file of files) await readVerified(folder, id, file);
}

async function readVerified(folder: string, id: string, file: ManifestFile): Promise<Uint8Array> {
  const { name, bytes: size, sha256: expected } = file;
  const { bytes, sha256 } = await readHashed(join(folder, name), size).catch(missing(folder, name));
  if (sha256 !== expected) throw corrupt(id, `has other contents in ${name} than it was published with`);
  return bytes;
}

/** For a file that isn't there, or a snapshot that was removed while it was read; any other error stays as it is. */
function missing(folder: string, name: string): (error: NodeJS.ErrnoException) => Promise<never> {
  return async (error) => {
    if (error.code !== 'ENOENT') throw error;
    const gone = await stat(folder).then(
      () => false,
      () => true,
    );
    throw gone ? notFound(basename(folder)) : corrupt(basename(folder), `has no file ${name}`);
  };
}
