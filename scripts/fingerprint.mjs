// What the build depends on, as one hash: the sources, the compiler's settings and the lockfile.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export function fingerprint() {
  const hash = createHash('sha256');
  for (const folder of ['src', 'resolvers', 'kernels']) {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
    for (const path of paths) hash.update(path).update(readFileSync(path));
  }
  for (const file of ['package-lock.json', 'scripts/build.mjs', 'scripts/swc-options.cjs'])
    hash.update(readFileSync(file));
  return hash.digest('hex');
}
