/** Kernels of `kernels/`, compiled to WebAssembly by the build: read and compiled once a process, one instance a memory. */
import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

const BUILT = extname(__filename) === '.ts' ? '../../../dist/kernels' : '../../../kernels';

const modules = new Map<string, WebAssembly.Module>();

/** The exports of kernels/{name}.ts over this memory. */
export function loadKernel(name: 'trees' | 'tree-shap', memory: WebAssembly.Memory): object {
  let module = modules.get(name);
  if (module === undefined) {
    module = new WebAssembly.Module(readFileSync(join(__dirname, BUILT, `${name}.wasm`)));
    modules.set(name, module);
  }
  return new WebAssembly.Instance(module, { env: { memory } }).exports;
}
