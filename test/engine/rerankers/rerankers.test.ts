import { type Event } from '../../../src/events/event.js';
import { BUILT_IN_SCENARIOS, type Scenario } from '../../../src/engine/scenario.js';
import { idsOf, recommendOne } from '../../support/query.js';
import { click, NOON, stateOf } from '../../support/state.js';

const DEFAULT = BUILT_IN_SCENARIOS[0]!;

function scenarioOf(diversity: Partial<Scenario['diversity']>): Scenario {
  return { ...DEFAULT, diversity: { lambda: 1, attributes: [], caps: [], ...diversity } };
}

/** Six sport items, more popular each than the next, then two of another section. */
function sections(): Event[] {
  const item = (itemId: string, section: string): Event => ({
    kind: 'item',
    itemId,
    attributes: { section },
    at: NOON,
  });
  const names = ['s1', 's2', 's3', 's4', 's5', 's6'];
  return [
    ...names.map((id) => item(id, 'sport')),
    item('c1', 'culture'),
    item('c2', 'culture'),
    ...[...names, 'c1', 'c2'].flatMap((id, rank) =>
      Array.from({ length: 40 - rank }, (_, at) => click(`${id}-${at}`, id, 1)),
    ),
  ];
}

describe('maximal marginal relevance', () => {
  it('brings another section up, the more the smaller lambda is', () => {
    const state = stateOf(sections());
    const firstCulture = (lambda: number): number =>
      idsOf(recommendOne(state, { scenario: scenarioOf({ lambda, attributes: ['section'] }) }), state).indexOf('c1');
    expect(firstCulture(1)).toBe(6);
    expect(firstCulture(0.5)).toBe(1);
  });

  it('keeps items apart that are read together, where no attribute is named', () => {
    const pairs = Array.from({ length: 30 }, (_, at) => [
      click(`p${at}`, 'twin-1', 0),
      click(`p${at}`, 'twin-2', 0),
    ]).flat();
    const alone = Array.from({ length: 10 }, (_, at) => click(`q${at}`, 'other', 0));
    const state = stateOf([...pairs, ...alone]);
    const ranked = (lambda: number): string[] =>
      idsOf(recommendOne(state, { scenario: scenarioOf({ lambda }) }), state);
    expect(ranked(1).slice(0, 2).sort()).toEqual(['twin-1', 'twin-2']);
    expect(ranked(0.5)[1]).toBe('other');
  });

  it('drops nothing', () => {
    const state = stateOf(sections());
    const plain = idsOf(recommendOne(state, { scenario: scenarioOf({}) }), state);
    const diverse = idsOf(
      recommendOne(state, { scenario: scenarioOf({ lambda: 0.3, attributes: ['section'] }) }),
      state,
    );
    expect([...diverse].sort()).toEqual([...plain].sort());
  });
});

describe('attribute caps', () => {
  it('lets only so many of a value among the first ranks, and moves the rest down in order', () => {
    const state = stateOf(sections());
    const caps = [{ attribute: 'section', most: 2, within: 4 }];
    const ranked = idsOf(recommendOne(state, { scenario: scenarioOf({ caps }) }), state);
    expect(ranked).toEqual(['s1', 's2', 'c1', 'c2', 's3', 's4', 's5', 's6']);
  });

  it.each([1, 0.95])('are met on a slate that is no longer than they reach, at lambda %d', (lambda) => {
    const state = stateOf(sections());
    const caps = [{ attribute: 'section', most: 2, within: 4 }];
    const scenario = scenarioOf({ lambda, caps });
    expect(idsOf(recommendOne(state, { size: 4, scenario }), state)).toEqual(['s1', 's2', 'c1', 'c2']);
  });
});
