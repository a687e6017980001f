// Compiles src/ and resolvers/ into dist/ and remembers what it was made from.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fingerprint } from './fingerprint.mjs';

const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);
mkdirSync('dist', { recursive: true });
writeFileSync('dist/.built-from', fingerprint());
