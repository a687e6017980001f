/**
 * Tells who watches a user that an event named the user, once the event is in the state. Any number of events between two looks is
 * one change: a watch holds a flag and no queue.
 */
import { type Event } from '../events/event.js';
import { usersOf } from './users-of.js';

/** What is known of a user since the last look. */
export interface UserWatch {
  /** Resolves when an event has named the user since the last look, or the time is over, or the watch ends. */
  changed(withinMs: number): Promise<void>;
  /** Whether an event has named the user since the last look; the look is taken now. */
  look(): boolean;
}

interface Watch {
  isChanged: boolean;
  wake: (() => void) | null;
}

export class UserChanges {
  private readonly watches = new Map<string, Set<Watch>>();

  /** Users that are watched. */
  get size(): number {
    return this.watches.size;
  }

  /** Watches the user until the signal. */
  watch(userId: string, signal: AbortSignal): UserWatch {
    const watch: Watch = { isChanged: false, wake: null };
    if (!signal.aborted) this.add(userId, watch, signal);
    return {
      changed: (withinMs) =>
        new Promise((resolve) => {
          if (watch.isChanged || signal.aborted) return resolve();
          const timer = setTimeout(() => watch.wake?.(), withinMs);
          timer.unref();
          watch.wake = () => {
            clearTimeout(timer);
            watch.wake = null;
            resolve();
          };
        }),
      look() {
        const { isChanged } = watch;
        watch.isChanged = false;
        return isChanged;
      },
    };
  }

  /** Called with events that the state holds now. */
  applied(entries: readonly { readonly event: Event }[]): void {
    if (this.watches.size === 0) return;
    // The lists of everybody else change a little, as popularity does.
    for (const { event } of entries) for (const userId of usersOf(event)) this.change(userId);
  }

  private add(userId: string, watch: Watch, signal: AbortSignal): void {
    const ofUser = this.watches.get(userId) ?? new Set();
    this.watches.set(userId, ofUser.add(watch));
    signal.addEventListener('abort', () => {
      ofUser.delete(watch);
      if (ofUser.size === 0 && this.watches.get(userId) === ofUser) this.watches.delete(userId);
      watch.wake?.();
    });
  }

  private change(userId: string): void {
    for (const watch of this.watches.get(userId) ?? []) {
      watch.isChanged = true;
      watch.wake?.();
    }
  }
}
