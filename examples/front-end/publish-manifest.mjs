// node publish-manifest.mjs SERVED: puts this release's operations into the manifest that the server reads. Those of older
// releases stay, for clients that are still out. The new come last: by its name the server finds the last of an operation.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

const [served] = process.argv.slice(2);
if (served === undefined) {
  console.error('name the manifest that the server reads (PERSISTED_MANIFEST)');
  process.exit(1);
}
const released = JSON.parse(readFileSync(new URL('src/generated/persisted-documents.json', import.meta.url), 'utf8'));
const older = Object.entries(readOrNothing(served)).filter(([hash]) => !Object.hasOwn(released, hash));
// Renamed into place, so that the server never reads half a file.
const next = `${served}.${process.pid}.next`;
writeFileSync(next, JSON.stringify({ ...Object.fromEntries(older), ...released }, null, 2));
renameSync(next, served);
console.log(`${served}: ${Object.keys(released).length} operations of this release, ${older.length} older`);

function readOrNothing(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return {};
    throw error;
  }
}
