// Compiles src/ and resolvers/, and kernels/ to WebAssembly, into dist/ and remembers what it was made from. Types are not checked
// here, where those of packages that only some installations need may be missing: `npm run check` checks them.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { transformFileSync } from '@swc/core';
import { fingerprint } from './fingerprint.mjs';
import { run } from './run.mjs';
import options from './swc-options.cjs';

for (const folder of ['src', 'resolvers']) {
  rmSync(`dist/${folder}`, { recursive: true, force: true });
  for (const file of readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.ts'))) {
    compile(join(folder, file), join('dist', folder, file.replace(/\.ts$/, '.js')));
  }
}
mkdirSync('dist/kernels', { recursive: true });
for (const file of readdirSync('kernels').filter((name) => name.endsWith('.ts'))) {
  const output = `dist/kernels/${file.replace(/\.ts$/, '.wasm')}`;
  const memory = ['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'];
  const features = ['simd', 'threads', 'bulk-memory'].flatMap((feature) => ['--enable', feature]);
  run(process.execPath, [
    'node_modules/assemblyscript/bin/asc.js',
    `kernels/${file}`,
    ...['-o', output, '-O3', '--noAssert', '--runtime', 'stub'],
    ...memory,
    ...features,
  ]);
}
writeFileSync('dist/.built-from', fingerprint());

function compile(source, output) {
  // `import()` stays what it is, and finds the names that a module exports.
  const module = { ...options.module, ignoreDynamic: true, exportInteropAnnotation: true };
  const { code, map } = transformFileSync(source, { ...options, module, swcrc: false, sourceMaps: true });
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(output, `${code}//# sourceMappingURL=${basename(output)}.map\n`);
  writeFileSync(`${output}.map`, map);
}
