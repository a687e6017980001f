/** Waits, however long it takes: a test that waits in vain runs into its time limit. */
import { setTimeout as wait } from 'node:timers/promises';

/** Until something holds or a call succeeds. */
export async function until(holds: () => unknown): Promise<void> {
  await untilDone(async () => {
    if ((await holds()) === false) throw new Error('not yet');
  });
}

/** Until a service is there calls to it fail: calls until one does not, and gives its answer. */
export async function untilDone<Result>(call: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await call();
    } catch {
      await wait(5);
    }
  }
}
