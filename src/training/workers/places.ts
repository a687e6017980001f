/**
 * Arrays laid out in one piece of memory that threads share. The same layout is run twice: without a buffer to count its
 * bytes, and over the buffer, in any thread, to view its arrays.
 */

/** Bytes at the start that belong to the kernels' module. */
const MODULE_BYTES = 1024;
const CACHE_LINE = 64;

/** Hands out the bytes of a buffer in order, whole cache lines each; without a buffer it only counts them. */
export class Places {
  bytes = MODULE_BYTES;

  constructor(private readonly buffer: SharedArrayBuffer | null) {}

  bytesOf(count: number): Uint8Array {
    const at = this.take(count);
    return this.buffer === null ? new Uint8Array(0) : new Uint8Array(this.buffer, at, count);
  }

  ints(count: number): Int32Array {
    const at = this.take(count * 4);
    return this.buffer === null ? new Int32Array(0) : new Int32Array(this.buffer, at, count);
  }

  floats(count: number): Float32Array {
    const at = this.take(count * 4);
    return this.buffer === null ? new Float32Array(0) : new Float32Array(this.buffer, at, count);
  }

  doubles(count: number): Float64Array {
    const at = this.take(count * 8);
    return this.buffer === null ? new Float64Array(0) : new Float64Array(this.buffer, at, count);
  }

  private take(bytes: number): number {
    const at = this.bytes;
    this.bytes += Math.ceil(bytes / CACHE_LINE) * CACHE_LINE;
    return at;
  }
}

const PAGE = 65_536;
const MOST_PAGES = 65_536;

/** Memory of this size that kernels reach, or null beyond the 4 GB that they can. */
export function kernelMemory(bytes: number): WebAssembly.Memory | null {
  const pages = Math.ceil(bytes / PAGE);
  return pages <= MOST_PAGES ? new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true }) : null;
}
