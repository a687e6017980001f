/** A small world in which every documented operation has something to answer, and variables for each. */
import { type Event } from '../../src/events/event.js';
import { click, NOON } from './state.js';

export const DOCUMENTED_EVENTS: Event[] = [
  ...Array.from({ length: 150 }, (_, at): Event => ({
    kind: 'item',
    itemId: `i${at}`,
    attributes: { words: at },
    at: NOON,
  })),
  ...Array.from({ length: 60 }, (_, at) =>
    [0, 1, 2].map((step) =>
      click(`u${at}`, `i${(at * 7 + step * step) % 150}`, at / 2 + step, { id: `e${at}-${step}`, sessionId: `s${at}` }),
    ),
  ).flat(),
];

const VARIABLES = {
  userId: 'u1',
  itemId: 'i9',
  first: 10,
  userIds: ['u1', 'u2', 'nobody'],
  fromUserId: 'u3',
  intoUserId: 'u4',
  context: { region: 'north' },
  filter: { attributes: [{ name: 'words', lte: 50 }] },
};
const INPUTS: Record<string, object> = {
  RecordInteractions: { interactions: [{ userId: 'u1', itemId: 'i9' }] },
  UpsertItems: { items: [{ id: 'new', attributes: { words: 3 }, publishedAt: '2026-01-05T10:00:00+02:00' }] },
  UpsertUserProfiles: { profiles: [{ userId: 'u1', context: { device: 'phone' }, attributes: { plan: 'free' } }] },
};

/** Variables of the documented operation of this name. */
export function documentedVariables(name: string): object {
  return { ...VARIABLES, input: INPUTS[name] };
}
