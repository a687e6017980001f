import { LivePopularity } from '../../src/replay/live-popularity.js';
import { type Event } from '../../src/events/event.js';
import { DEFAULT_STATE_SETTINGS } from '../../src/state/state-settings.js';
import { reloaded } from '../support/saved.js';
import { click, stateOf } from '../support/state.js';

const { weights } = DEFAULT_STATE_SETTINGS;

function best(events: readonly Event[], popularity = counted(events), keeps = (_: number) => true): string[] {
  const state = stateOf(events);
  return popularity.best(10, { state }, keeps).map((item) => state.items.id(item));
}

function counted(events: readonly Event[]): LivePopularity {
  const popularity = new LivePopularity(weights);
  events.forEach((event) => popularity.apply(event));
  return popularity;
}

describe('LivePopularity', () => {
  it('halves what was counted every 20 minutes', () => {
    // Two clicks on a at 0 are worth 2 * 2^(-19/20) = 1.035 clicks at minute 19, and 2 * 2^(-21/20) = 0.966 at minute 21.
    const twice = [click('1', 'a', 0), click('2', 'a', 0)];
    expect(best([...twice, click('3', 'b', 19)])).toEqual(['a', 'b']);
    expect(best([...twice, click('3', 'b', 21)])).toEqual(['b', 'a']);
  });

  it('counts every click as one: a reload as well, a purchase no more, an impression not at all', () => {
    const events = [
      click('1', 'a', 0, { type: 'PURCHASE' }),
      click('2', 'b', 0),
      click('2', 'b', 0),
      click('3', 'c', 0, { type: 'IMPRESSION' }),
    ];
    expect(best(events)).toEqual(['b', 'a']);
    expect(counted(events).clicks).toBe(3);
  });

  it('leaves out what may not stand on the list', () => {
    const events = [click('1', 'a', 0), click('2', 'b', 1)];
    const state = stateOf(events);
    const kept = counted(events).best(10, { state }, (item) => item !== state.items.find('b'));
    expect(kept).toEqual([state.items.find('a')]);
  });

  it('goes on as it was after it was saved and read back', () => {
    const events = [click('1', 'a', 0), click('2', 'a', 0), click('3', 'b', 0), click('4', 'c', 30)];
    const again = reloaded(counted(events), new LivePopularity(weights));
    expect(again.clicks).toBe(4);
    const more = [...events, click('5', 'b', 31), click('6', 'd', 32)];
    for (const event of more.slice(events.length)) again.apply(event);
    expect(best(more, again)).toEqual(best(more));
  });
});
