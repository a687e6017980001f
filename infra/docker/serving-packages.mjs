// Makes the optional peers dependencies in package.json, so that an install without development packages has them, in the
// versions of the lockfile, and leaves out the workspace with which the build compiles.
import { readFileSync, writeFileSync } from 'node:fs';

const { peerDependencies = {}, devDependencies = {}, ...rest } = JSON.parse(readFileSync('package.json', 'utf8'));
delete rest.peerDependenciesMeta;
delete rest.workspaces;
for (const name of Object.keys(peerDependencies)) delete devDependencies[name];
const dependencies = { ...rest.dependencies, ...peerDependencies };
writeFileSync('package.json', `${JSON.stringify({ ...rest, dependencies, devDependencies }, null, 2)}\n`);
