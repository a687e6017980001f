/** Until a service is there, calls to it fail: calls until one does not, and gives its answer. */
import { setTimeout as wait } from 'node:timers/promises';

export async function untilDone<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch {
      await wait(20);
    }
  }
}
