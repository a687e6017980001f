import fc from 'fast-check';
import { type Event } from '../../../src/events/event.js';
import { type World } from '../../../src/datasets/demo/world.js';
import { DAY, HOUR, sampleWorld, START } from './sample.js';

const FROM = START - HOUR;
const TO = START + 7 * HOUR;

function eventsOf(world: World, fromMs: number, toMs: number): Event[] {
  return [...world.events(fromMs, toMs)].flat();
}

const world = sampleWorld();
const whole = eventsOf(world, FROM, TO);

describe('timeline', () => {
  it('gives the same events however the time is cut, also after a restart', () => {
    const cuts = fc.array(fc.integer({ min: FROM, max: TO }), { maxLength: 5 });
    fc.assert(
      fc.property(cuts, fc.boolean(), (times, restarted) => {
        const ends = [FROM, ...times.sort((one, other) => one - other), TO];
        const asked = restarted ? sampleWorld() : world;
        const parts = ends.slice(1).flatMap((end, place) => eventsOf(asked, ends[place]!, end));
        expect(parts).toEqual(whole);
      }),
      { seed: 1, numRuns: 8 },
    );
  });

  it('gives the same clicks and visits however the time is cut', () => {
    fc.assert(
      fc.property(fc.integer({ min: FROM, max: TO }), (cut) => {
        const clicks = [...world.clicks(FROM, cut), ...world.clicks(cut, TO)];
        expect(clicks).toEqual(world.clicks(FROM, TO));
        expect([...world.visits(FROM, cut), ...world.visits(cut, TO)]).toEqual(world.visits(FROM, TO));
      }),
      { seed: 2, numRuns: 8 },
    );
  });

  it('gives a time in the far future without the time before it', () => {
    const at = START + 900 * DAY;
    expect(eventsOf(sampleWorld(), at + HOUR, at + 2 * HOUR)).toEqual(
      eventsOf(world, at, at + 2 * HOUR).filter((event) => event.at >= at + HOUR),
    );
  });

  it('keeps events in order of time, within their range, in batches that are not empty', () => {
    expect(whole.every((event, place) => place === 0 || whole[place - 1]!.at <= event.at)).toBe(true);
    expect(whole.every(({ at }) => START <= at && at < TO)).toBe(true);
    expect([...world.events(FROM, TO)].every((batch) => batch.length > 0)).toBe(true);
  });

  it('begins with the profiles and the stock, and has no click before its article is upserted', () => {
    const kinds = whole.slice(0, 2100).map(({ kind }) => kind);
    expect(kinds.lastIndexOf('profile')).toBe(1999);
    expect(kinds.slice(2000).every((kind) => kind === 'item')).toBe(true);
    const upserted = new Set<string>();
    for (const event of whole) {
      if (event.kind === 'item') upserted.add(event.itemId);
      if (event.kind === 'interaction') expect(upserted).toContain(event.itemId);
    }
  });

  it('has nothing before the world starts, and nothing in an empty range', () => {
    expect(eventsOf(world, START - 20 * DAY, START)).toEqual([]);
    expect(eventsOf(world, START + HOUR, START + HOUR)).toEqual([]);
    expect(world.clicks(START + HOUR, START)).toEqual([]);
  });
});
