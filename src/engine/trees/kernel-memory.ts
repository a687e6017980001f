/** Arrays behind each other in the memory of a kernel, which is made when all are known: it never grows, and views stay valid. */
const PAGE = 65_536;
const ALIGNMENT = 64;

export class KernelMemory {
  private readonly parts: { at: number; bytes: Uint8Array }[] = [];
  private end = 0;

  /** Where the array will be. */
  place(array: Float32Array | Float64Array | Uint32Array | Uint8Array): number {
    const at = this.reserve(array.byteLength);
    this.parts.push({ at, bytes: new Uint8Array(array.buffer, array.byteOffset, array.byteLength) });
    return at;
  }

  /** Room of so many bytes, zero at first. */
  reserve(bytes: number): number {
    const at = this.end;
    this.end += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    return at;
  }

  allocate(): WebAssembly.Memory {
    const pages = Math.max(1, Math.ceil(this.end / PAGE));
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    const all = new Uint8Array(memory.buffer);
    for (const { at, bytes } of this.parts) all.set(bytes, at);
    return memory;
  }
}
