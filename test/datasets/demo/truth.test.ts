import { type Click } from '../../../src/datasets/demo/sessions.js';
import { seededRandom } from '../../../src/math/random.js';
import { DAY, HOUR, sampleWorld, START } from './sample.js';

const world = sampleWorld();

function truthOf({ visit, at, previous }: Click): Float64Array {
  const ids = previous.map((index) => world.article(index).id);
  return world.probabilities(visit.visitor, at, ids);
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

const judged = world.clicks(START + 3 * DAY, START + 5 * DAY).map((click) => ({ click, truth: truthOf(click) }));

describe('the truth', () => {
  it('is a distribution over the articles published by then', () => {
    for (const { click, truth } of judged) {
      expect(truth).toHaveLength(world.publishedBy(click.at));
      expect(sum(truth)).toBeCloseTo(1, 9);
    }
  });

  it('makes the clicks far likelier than the same truth dealt to other articles does', () => {
    const random = seededRandom(1);
    let gain = 0;
    for (const { click, truth } of judged) {
      const possible = [...truth].filter((probability) => probability > 0);
      gain += Math.log(truth[click.article.index]!) - Math.log(possible[random.below(possible.length)]!);
    }
    expect(gain / judged.length).toBeGreaterThan(3);
  });

  it('is calibrated: what it calls p happens with frequency p, at every height of p', () => {
    const edges = [0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 0.7, 1];
    for (let bin = 1; bin < edges.length; bin += 1) {
      let [expected, variance, happened] = [0, 0, 0];
      for (const { click, truth } of judged) {
        truth.forEach((probability, index) => {
          if (probability <= edges[bin - 1]! || probability > edges[bin]!) return;
          expected += probability;
          variance += probability * (1 - probability);
          if (index === click.article.index) happened += 1;
        });
      }
      expect(Math.abs(happened - expected)).toBeLessThan(4 * Math.sqrt(variance) + 1);
    }
  });

  it('gives the clicks the probability that it expects of itself: mean p = mean of the sum of p^2', () => {
    const given = sum(judged.map(({ click, truth }) => truth[click.article.index]!)) / judged.length;
    const expected = sum(judged.map(({ truth }) => sum(truth.map((p) => p * p)))) / judged.length;
    expect(Math.abs(given - expected)).toBeLessThan(0.01);
  });

  it('leaves no chance to what the session has clicked, and raises the rest of its thread', () => {
    const at = START + 4 * DAY;
    const visitor = world.visitor('reader-0007');
    const before = world.probabilities(visitor, at, ['article-0001']);
    const last = before.indexOf(Math.max(...before));
    const after = world.probabilities(visitor, at, [world.article(last).id]);
    expect(after[last]).toBe(0);
    const { thread } = world.article(last).truth;
    const siblings = [...after.keys()].filter(
      (index) => world.article(index).truth.thread === thread && index !== last,
    );
    const share = (probabilities: Float64Array): number => sum(siblings.map((index) => probabilities[index]!));
    expect(share(after)).toBeGreaterThan(3 * share(before));
  });

  it('depends on the person, on the region and on the referrer', () => {
    const at = START + 4 * DAY;
    const even = world.probabilities(world.visitor('x'), at, []);
    for (const context of [{ region: 'highfell' }, { referrer: 'search' }, { device: 'phone' }]) {
      expect(world.probabilities(world.visitor('x', context), at, [])).not.toEqual(even);
    }
    expect(world.probabilities(world.visitor('reader-0001'), at, [])).not.toEqual(even);
    expect(world.probabilities(world.visitor('x', { referrer: 'direct' }), at, [])).toEqual(even);
    expect(world.probabilities(world.visitor('x', { referrer: 'carrier pigeon' }), at, [])).toEqual(even);
  });

  it('passes over ids that the world does not know', () => {
    const [visitor, at] = [world.visitor('reader-0001'), START + HOUR];
    expect(world.probabilities(visitor, at, ['no such article'])).toEqual(world.probabilities(visitor, at, []));
  });
});
