// Installs what is missing of the lockfile: the packages that building, training and serving need, or with `everything` those
// of tests and checks too. What is installed is read from npm's own record, so that an install by hand counts as well.
import { existsSync, readFileSync } from 'node:fs';
import { run } from './run.mjs';

const LOCKED = 'package-lock.json';
/** Written by npm at the end of an install: one that was interrupted has none. */
const INSTALLED = 'node_modules/.package-lock.json';

export function ensureInstalled({ everything }) {
  const installed = packagesOf(INSTALLED);
  // Who had the development packages keeps them when the lockfile changes.
  const development = everything || Object.values(installed).some(({ dev }) => dev);
  const isMissing = ([path, entry]) =>
    (development || !isDevelopment(entry)) && isEverywhere(entry) && installed[path]?.integrity !== entry.integrity;
  if (!Object.entries(packagesOf(LOCKED)).some(isMissing)) return;
  console.log(development ? 'Installing everything…' : 'Installing what serving needs…');
  run('npm', ['ci', development ? '--include=dev' : '--omit=dev', '--no-progress', '--loglevel=error']);
}

const isDevelopment = ({ dev, devOptional }) => dev || devOptional;

/** Optional packages are of certain platforms, peers may be turned off in npm's settings, and folders of ours are no package. */
const isEverywhere = ({ optional, peer, integrity }) => !optional && !peer && integrity !== undefined;

/** By their paths, such as `node_modules/graphql`. */
const packagesOf = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : {});
