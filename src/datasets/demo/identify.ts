/** Recovers from an event's user id who that is, so that the truth can be asked about any click of the log. */
import { type Context } from '../../events/event.js';
import { type Reader } from './readers.js';
import { type Region } from './regions.js';
import { COMMON_TASTE } from './sections.js';
import { type Visitor } from './truth.js';
import { newcomer } from './visits.js';

export interface Population {
  readonly seed: number;
  readonly regions: readonly Region[];
  readonly readers: readonly Reader[];
}

/**
 * The visitor with this id, in this context (what it leaves out is the person's own). Whoever the world never made has
 * the taste of the region in the context, or else of the country.
 */
export function identify(population: Population, userId: string, context: Context = {}): Visitor {
  const { seed, regions, readers } = population;
  const reader = readers[Number(/^reader-(\d+)$/.exec(userId)?.[1] ?? 0) - 1];
  if (reader?.id === userId) return present(userId, reader, context);
  const [, minute, number] = /^visitor-(\d+)-(\d+)$/.exec(userId) ?? [];
  if (minute !== undefined && number !== undefined) {
    return present(userId, newcomer(seed, regions, { minute: Number(minute), number: Number(number) }), context);
  }
  const region = regions.find(({ name }) => name === context.region);
  return { userId, context, taste: region?.taste ?? Float64Array.from(COMMON_TASTE), subscriber: false };
}

function present(userId: string, person: Pick<Reader, 'context' | 'taste' | 'subscriber'>, context: Context): Visitor {
  const { taste, subscriber } = person;
  return { userId, context: { ...person.context, ...context }, taste, subscriber };
}
