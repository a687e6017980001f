// Compiles src/ and resolvers/, and kernels/ to WebAssembly, into dist/ and remembers what it was made from.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { fingerprint } from './fingerprint.mjs';

run('typescript/bin/tsc', ['-p', 'tsconfig.build.json']);
mkdirSync('dist/kernels', { recursive: true });
for (const file of readdirSync('kernels').filter((name) => name.endsWith('.ts'))) {
  const output = `dist/kernels/${file.replace(/\.ts$/, '.wasm')}`;
  const memory = ['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'];
  const features = ['simd', 'threads', 'bulk-memory'].flatMap((feature) => ['--enable', feature]);
  run('assemblyscript/bin/asc.js', [
    `kernels/${file}`,
    ...['-o', output, '-O3', '--noAssert', '--runtime', 'stub'],
    ...memory,
    ...features,
  ]);
}
writeFileSync('dist/.built-from', fingerprint());

function run(program, options) {
  const { status } = spawnSync(process.execPath, [`node_modules/${program}`, ...options], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
