/** Waits, however long it takes, until something holds or a call succeeds. */
import { setTimeout as wait } from 'node:timers/promises';

export async function until(holds: () => unknown): Promise<void> {
  for (;;) {
    try {
      if ((await holds()) !== false) return;
    } catch {
      // Not yet.
    }
    await wait(5);
  }
}
