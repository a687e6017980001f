/** The demo world as events of the log: what `demo-<minute>-<visit>-<click>` names is the same whenever it is made. */
import { type Event, type InteractionEvent } from '../../events/event.js';
import { type Article } from './articles.js';
import { type Reader } from './readers.js';
import { type Click } from './sessions.js';

/** What a reader's profile says; the same event whenever it is made. */
export function profileEvent({ id, context }: Reader, at: number): Event {
  return { kind: 'profile', userId: id, context, at };
}

/** What the site says of an article. The stock of the first day is upserted when the world starts. */
export function itemEvent(article: Article, startsAt: number): Event {
  const { id, title, section, author, tags, words, premium, region, publishedAt } = article;
  return {
    kind: 'item',
    itemId: id,
    attributes: { title, section, author, tags, words, premium, ...(region === undefined ? {} : { region }) },
    publishedAt,
    at: Math.max(publishedAt, startsAt),
  };
}

/** The click, and the like and view that may come of it. */
export function interactionEvents({
  visit,
  place,
  article,
  at,
  likedAt,
  viewedAt,
}: Click): readonly InteractionEvent[] {
  const click: InteractionEvent = {
    kind: 'interaction',
    id: `demo-${visit.minute}-${visit.number}-${place}`,
    userId: visit.visitor.userId,
    itemId: article.id,
    type: 'CLICK',
    at,
    sessionId: visit.sessionId,
    context: visit.visitor.context,
  };
  const events = [click];
  if (viewedAt !== undefined) events.push({ ...click, id: `${click.id}-view`, type: 'VIEW', at: viewedAt });
  if (likedAt !== undefined) events.push({ ...click, id: `${click.id}-like`, type: 'LIKE', at: likedAt });
  return events;
}
