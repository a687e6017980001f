/** SHA-256 of bytes as they come, without keeping the event loop for more than a millisecond or two at a time. */
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Hashed between two turns of the event loop. */
const AT_ONCE_BYTES = 2 ** 20;

export class RunningHash {
  private readonly hash = createHash('sha256');

  /** To be awaited before the next. */
  async add(bytes: Uint8Array): Promise<void> {
    for (let start = 0; start < bytes.length; start += AT_ONCE_BYTES) {
      this.hash.update(bytes.subarray(start, start + AT_ONCE_BYTES));
      await nextTurn();
    }
  }

  /** Hex; nothing can be added any more. */
  digest(): string {
    return this.hash.digest('hex');
  }
}

/** Of bytes that are there already; hex. */
export async function hashInTurns(bytes: Uint8Array): Promise<string> {
  const hash = new RunningHash();
  await hash.add(bytes);
  return hash.digest();
}
