import { SESSION_MINUTES, type Click } from '../../../src/datasets/demo/sessions.js';
import { DAY, sampleWorld, START } from './sample.js';

const world = sampleWorld();
const sessions = new Map<string, Click[]>();
for (const click of world.clicks(START, START + DAY)) {
  const { sessionId } = click.visit;
  sessions.set(sessionId, [...(sessions.get(sessionId) ?? []), click]);
}
/** Those that began early enough to be over. */
const whole = [...sessions.values()].filter(([first]) => first!.at < START + DAY - SESSION_MINUTES * 60_000);

describe('sessions', () => {
  it('have three clicks on average and one as the commonest number', () => {
    const clicks = whole.reduce((sum, session) => sum + session.length, 0);
    expect(Math.abs(clicks / whole.length - 3)).toBeLessThan(0.15);
    const ofLength = (length: number): number => whole.filter((session) => session.length === length).length;
    expect(ofLength(1)).toBeGreaterThan(ofLength(2));
    expect(ofLength(2)).toBeGreaterThan(ofLength(4));
  });

  it('go on after 20 to 300 seconds, and are over when nobody looks back any more', () => {
    for (const session of whole) {
      session.slice(1).forEach((click, place) => {
        const gap = click.at - session[place]!.at;
        expect(gap).toBeGreaterThanOrEqual(20_000);
        expect(gap).toBeLessThanOrEqual(300_000);
      });
      expect(session.at(-1)!.at).toBeLessThan((session[0]!.visit.minute + SESSION_MINUTES) * 60_000);
    }
  });

  it('never click the same article twice, nor one that is not out', () => {
    for (const session of whole) {
      expect(new Set(session.map(({ article }) => article.id)).size).toBe(session.length);
      for (const { article, at } of session) expect(article.publishedAt).toBeLessThanOrEqual(at);
    }
  });

  it('tell with each click those before it', () => {
    for (const session of whole) {
      session.forEach((click, place) => {
        expect(click.place).toBe(place);
        expect(click.previous).toEqual(session.slice(0, place).map(({ article }) => article.index));
      });
    }
  });

  it('stay within the thread, section and author much more often than chance', () => {
    const pairs = whole.flatMap((session) => session.slice(1).map((click, place) => [session[place]!, click] as const));
    const strangers = pairs.map(([one], place) => [one, pairs[(place + 7) % pairs.length]![1]] as const);
    const same = (of: (click: Click) => unknown, among: typeof pairs): number =>
      among.filter(([one, next]) => of(one) === of(next)).length;
    for (const of of [
      (click: Click) => click.article.truth.thread,
      (click: Click) => click.article.section,
      (click: Click) => click.article.author,
    ]) {
      expect(same(of, pairs)).toBeGreaterThan(1.5 * same(of, strangers));
    }
  });
});
