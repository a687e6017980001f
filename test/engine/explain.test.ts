import { explain } from '../../src/engine/explain.js';
import { recommendOne } from '../support/query.js';
import { click, NOON, stateOf } from '../support/state.js';

const events = [
  { kind: 'item', itemId: 'read', attributes: { title: 'What you read' }, at: NOON } as const,
  ...Array.from({ length: 30 }, (_, at) => [
    click(`p${at}`, 'read', 0, { context: { region: 'north' } }),
    click(`p${at}`, 'next', 1, { context: { region: 'north' } }),
  ]).flat(),
  click('u', 'read', 2, { context: { region: 'north' } }),
];

describe('explain', () => {
  it('names the item read and the scope that speak for an item', () => {
    const state = stateOf(events);
    const slate = recommendOne(state, { userId: 'u', context: { region: 'north' }, now: NOON + 180_000 });
    const index = [...slate.items].indexOf(state.items.find('next'));
    const { text, reasons } = explain(slate, index, state, null);
    expect(reasons.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['ITEM_READ', 'POPULARITY', 'READERS_ALIKE', 'NEWNESS']),
    );
    expect(reasons.find(({ kind }) => kind === 'ITEM_READ')).toMatchObject({
      item: state.items.find('read'),
      text: 'because you read “What you read”',
    });
    expect(reasons.map(({ text: one }) => one)).toContain('popular now in region north in the course of a visit');
    expect(text).toMatch(/^[A-Z“].*\.$/);
  });

  it('gives weights that add up to the score with the base score, and falls back to one reason when state has moved on', () => {
    const state = stateOf(events);
    const slate = recommendOne(state, { userId: 'u', context: { region: 'north' }, now: NOON + 180_000 });
    const sums = (): number[] =>
      [...slate.items].map((_, index) => {
        const { reasons, baseScore } = explain(slate, index, state, null);
        return reasons.reduce((sum, { weight }) => sum + weight, baseScore!);
      });
    sums().forEach((sum, index) => expect(sum).toBeCloseTo(slate.scores[index]!, 12));
    for (let at = 0; at < 50; at++) state.apply(click(`late${at}`, `other${at}`, 5), state.position + 1);
    sums().forEach((sum, index) => expect(sum).toBeCloseTo(slate.scores[index]!, 12));
  });

  it('says of what fills the list that it does', () => {
    const state = stateOf([{ kind: 'item', itemId: 'unborn', at: NOON + 1e9 }]);
    const slate = recommendOne(state, { now: NOON });
    expect(explain(slate, 0, state, null)).toEqual({
      text: 'Fills the list.',
      baseScore: 0,
      features: [],
      reasons: [{ kind: 'BACKFILL', weight: 0, item: null, scope: null, text: 'fills the list' }],
    });
  });
});
