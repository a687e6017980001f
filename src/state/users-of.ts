/** Whom an event names: whose lists it changes at once, and whose history and profile a fold of it reads. */
import { type Event } from '../events/event.js';

export function usersOf(event: Event): readonly string[] {
  switch (event.kind) {
    case 'interaction':
    case 'profile':
    case 'forget':
      return [event.userId];
    case 'merge':
      return [event.fromUserId, event.intoUserId];
    case 'item':
    case 'import':
      return [];
  }
}
