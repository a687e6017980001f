import { pullsAt, type Door } from '../../../src/datasets/demo/pulls.js';
import { type Shelf } from '../../../src/datasets/demo/shelf.js';

const MINUTE = 1_000_000;

/** A shelf of articles published at MINUTE, each with a half-life of 60 minutes and a rise of 5. */
function shelfOf(articles: readonly { appeal: number; lasting?: number; front?: number; mailed?: number }[]): Shelf {
  const column = (value: number): Float64Array => new Float64Array(articles.length).fill(value);
  return {
    first: 0,
    publishedMinute: column(MINUTE),
    rise: column(Math.LN2 / 5),
    decay: column(Math.LN2 / 60),
    appeal: Float64Array.from(articles, ({ appeal }) => appeal),
    lasting: Float64Array.from(articles, ({ lasting = 0 }) => lasting),
    onFrontPage: Uint8Array.from(articles, ({ front = 0 }) => front),
    inNewsletter: Uint8Array.from(articles, ({ mailed = 0 }) => mailed),
    kind: new Uint16Array(articles.length),
    thread: new Int32Array(articles.length),
    section: new Uint8Array(articles.length),
    author: new Uint8Array(articles.length),
  };
}

function pull(shelf: Shelf, age: number, door: Door): number[] {
  return [...pullsAt(shelf, MINUTE + age, shelf.appeal.length).through(door)];
}

describe('pullsAt', () => {
  it('rises within minutes of publication and halves with every half-life', () => {
    const shelf = shelfOf([{ appeal: 8 }]);
    const [atOnce, soon, inAnHour, inTwoHours] = [0, 10, 60, 120].map((age) => pull(shelf, age, 'page before')[0]!);
    expect(atOnce).toBe(0);
    expect(soon).toBeGreaterThan(5);
    expect(inAnHour).toBeCloseTo(4, 2);
    expect(inTwoHours).toBeCloseTo(2, 2);
  });

  it('never jumps: a burst goes on smoothly where its rise is over', () => {
    const shelf = shelfOf([{ appeal: 8 }]);
    for (let age = 60; age < 600; age += 1) {
      const ratio = pull(shelf, age + 1, 'social')[0]! / pull(shelf, age, 'social')[0]!;
      expect(Math.abs(ratio - 2 ** (-1.5 / 60))).toBeLessThan(0.001);
    }
  });

  it('favours bursts more strongly through social feeds than through any other door', () => {
    const shelf = shelfOf([{ appeal: 16 }, { appeal: 4 }]);
    const lead = (door: Door): number => {
      const [hot, cool] = pull(shelf, 30, door);
      return hot! / cool!;
    };
    expect(lead('social')).toBeCloseTo(8, 9);
    for (const door of ['search', 'direct', 'newsletter', 'page before'] as const) expect(lead(door)).toBeCloseTo(4, 9);
  });

  it('leads those who search to what lasts when its burst is long over', () => {
    const [lasting, bursting] = pull(shelfOf([{ appeal: 1, lasting: 5 }, { appeal: 8 }]), 600, 'search');
    expect(lasting!).toBeGreaterThan(100 * bursting!);
  });

  it('leads the direct visit to the front page for six hours', () => {
    const shelf = shelfOf([{ appeal: 1, front: 1 }, { appeal: 1 }]);
    const lead = (age: number): number => pull(shelf, age, 'direct')[0]! / pull(shelf, age, 'direct')[1]!;
    expect(lead(359)).toBe(5);
    expect(lead(360)).toBe(1);
  });

  it('leads the newsletter to its pieces for most of a day', () => {
    const shelf = shelfOf([{ appeal: 1, mailed: 1 }, { appeal: 1 }]);
    expect(pull(shelf, 12 * 60, 'newsletter')[0]!).toBeGreaterThan(2);
    expect(pull(shelf, 12 * 60, 'newsletter')[1]!).toBeLessThan(0.01);
  });
});
