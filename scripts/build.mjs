// Compiles src/ and resolvers/, and kernels/ to WebAssembly, into dist/ and remembers what it was made from. Types are not checked
// here, where those of packages that only some installations need may be missing: `npm run check` checks them.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { transformFileSync } from '@swc/core';
import { fingerprint } from './fingerprint.mjs';
import { run } from './run.mjs';
import options from './swc-options.cjs';

const BUILT = 'dist/.built-from';

const outputs = new Map(['src', 'resolvers'].flatMap(sourcesIn).flatMap(compile));
// Of a build that does not come to its end nothing is taken for built.
rmSync(BUILT, { force: true });
for (const folder of ['src', 'resolvers']) rmSync(`dist/${folder}`, { recursive: true, force: true });
for (const [output, text] of outputs) {
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(output, text);
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
writeFileSync(BUILT, fingerprint());

function sourcesIn(folder) {
  const names = readdirSync(folder, { recursive: true });
  return names.filter((name) => /(?<!\.d)\.ts$/.test(name)).map((name) => join(folder, name));
}

/** The file and its map, by their paths. */
function compile(source) {
  const output = join('dist', source.replace(/\.ts$/, '.js'));
  // `import()` stays what it is, and finds the names that a module exports.
  const module = { ...options.module, ignoreDynamic: true, exportInteropAnnotation: true };
  const maps = { sourceMaps: true, sourceFileName: relative(dirname(output), source), inlineSourcesContent: false };
  const { code, map } = transformFileSync(source, { ...options, ...maps, module, swcrc: false });
  return [
    [output, `${code}//# sourceMappingURL=${basename(output)}.map\n`],
    [`${output}.map`, map],
  ];
}
