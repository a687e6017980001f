/** The kernels of `kernels/<name>.ts`, compiled to WebAssembly by the build, over a piece of shared memory. */
import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

const BUILT = extname(__filename) === '.ts' ? '../../../dist/kernels' : '../../../kernels';
const compiled = new Map<string, WebAssembly.Module>();

/** Their exports, which take byte offsets into the memory. */
export function loadKernel(name: string, memory: WebAssembly.Memory): object {
  let module = compiled.get(name);
  if (module === undefined) {
    module = new WebAssembly.Module(readFileSync(join(__dirname, BUILT, `${name}.wasm`)));
    compiled.set(name, module);
  }
  return new WebAssembly.Instance(module, { env: { memory } }).exports;
}
