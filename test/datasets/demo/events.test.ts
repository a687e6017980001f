import { type InteractionEvent } from '../../../src/events/event.js';
import { interactionEvents, itemEvent, profileEvent } from '../../../src/datasets/demo/events.js';
import { DAY, HOUR, sampleWorld, START } from './sample.js';

const world = sampleWorld();
const clicks = world.clicks(START, START + DAY);
const interactions = clicks.flatMap(interactionEvents);

function ofType(type: InteractionEvent['type']): InteractionEvent[] {
  return interactions.filter((event) => event.type === type);
}

describe('events', () => {
  it('name every interaction once', () => {
    expect(new Set(interactions.map(({ id }) => id)).size).toBe(interactions.length);
  });

  it('make of a click one CLICK with its session and its context', () => {
    const { visit, place, article, at } = clicks[0]!;
    expect(ofType('CLICK')[0]).toEqual({
      kind: 'interaction',
      id: `demo-${visit.minute}-${visit.number}-${place}`,
      userId: visit.visitor.userId,
      itemId: article.id,
      type: 'CLICK',
      at,
      sessionId: visit.sessionId,
      context: visit.visitor.context,
    });
    expect(Object.keys(visit.visitor.context).sort()).toEqual(['country', 'device', 'os', 'referrer', 'region']);
  });

  it('are clicks, but for a few likes and fewer views within seconds of one', () => {
    expect(ofType('CLICK')).toHaveLength(clicks.length);
    expect(ofType('LIKE').length / clicks.length).toBeCloseTo(0.04, 1);
    expect(ofType('VIEW').length).toBeLessThan(ofType('LIKE').length);
    const clicked = new Map(ofType('CLICK').map((event) => [event.id!, event]));
    for (const event of [...ofType('LIKE'), ...ofType('VIEW')]) {
      const click = clicked.get(event.id!.replace(/-(like|view)$/, ''))!;
      expect(event.itemId).toBe(click.itemId);
      expect(event.at - click.at).toBeGreaterThan(0);
      expect(event.at - click.at).toBeLessThan(20_000);
    }
  });

  it('upsert an article when it is published, with what the site says and nothing of the truth', () => {
    const article = world.article(world.publishedBy(START + HOUR));
    const { title, section, author, tags, words, premium, region, publishedAt } = article;
    const attributes = { title, section, author, tags, words, premium, ...(region === undefined ? {} : { region }) };
    const event = { kind: 'item', itemId: article.id, attributes, publishedAt, at: publishedAt };
    expect(itemEvent(article, START)).toEqual(event);
  });

  it('upsert the stock when the world starts, with its own time of publication', () => {
    const event = itemEvent(world.article(0), START);
    expect(event).toMatchObject({ at: START, publishedAt: world.article(0).publishedAt });
    expect(world.article(0).publishedAt).toBeLessThan(START);
  });

  it('name the region of regional stories only', () => {
    for (let index = 0; index < 200; index += 1) {
      const article = world.article(index);
      const event = itemEvent(article, START);
      expect('region' in (event.kind === 'item' ? event.attributes! : {})).toBe(article.region !== undefined);
    }
  });

  it('describe a reader by device, system, country and region', () => {
    const reader = world.readers[0]!;
    const event = { kind: 'profile', userId: 'reader-0001', context: reader.context, at: START };
    expect(profileEvent(reader, START)).toEqual(event);
    expect(Object.keys(reader.context).sort()).toEqual(['country', 'device', 'os', 'region']);
  });
});
