import { type Event } from '../../src/events/event.js';
import { ensembleOf, rankedBy } from '../support/ensembles.js';
import { testGateway, type TestGateway } from '../support/gateway.js';
import { click } from '../support/state.js';

const EVENTS: Event[] = Array.from({ length: 120 }, (_, at) =>
  click(`u${at % 30}`, `i${(at * 7) % 40}`, at / 3, { context: { region: at % 2 === 0 ? 'north' : 'south' } }),
);
const SNAPSHOT = rankedBy(
  ensembleOf(
    [
      { feature: 'share_region_30m', threshold: Math.log(0.03), low: -0.5, high: 0.5, counts: [3, 1] },
      { feature: 'age', threshold: Math.log1p(45), low: 0.25, high: -0.25 },
    ],
    ['share_region_30m', 'next_last_30m', 'age'],
  ),
);

const LIST = `query ($region: String!) {
  recommendations(userId: "u1", context: { region: $region }, first: 10) {
    recommendationId snapshot { id } degradations { stage code instead } pageInfo { endCursor }
    trace { stages { stage candidatesIn } }
    nodes {
      rank score baseScore scores { ranker blend } stages { stage score rank }
      features { name group unit value contribution } explanation { text reasons { kind scope weight text } }
    }
  }
}`;

async function ranked(): Promise<TestGateway> {
  const test = await testGateway(EVENTS);
  test.snapshots.snapshot = SNAPSHOT;
  return test;
}

/* eslint-disable @typescript-eslint/no-explicit-any -- the shape is the operation's */
const sum = (values: readonly any[], of: (value: any) => number): number =>
  values.reduce((total, value) => total + of(value), 0);

describe('a list that a learned ranker ordered', () => {
  it('has its scores, features and reasons, and they add up', async () => {
    const { data, errors } = await (await ranked()).execute(LIST, { region: 'north' });
    expect(errors).toBeUndefined();
    const { nodes, snapshot, degradations, trace } = data.recommendations;
    expect([snapshot.id, degradations]).toEqual(['ranked', []]);
    expect(trace.stages.map(({ stage }: { stage: string }) => stage)).toContain('RANKER');
    expect(nodes).toHaveLength(10);
    for (const { score, baseScore, scores, features, explanation, stages } of nodes) {
      expect(scores.ranker).toBe(score);
      expect(scores.blend).toBeGreaterThan(0);
      expect(features.map(({ name }: { name: string }) => name)).toEqual(['share_region_30m', 'next_last_30m', 'age']);
      expect(baseScore + sum(features, ({ contribution }) => contribution)).toBeCloseTo(score, 9);
      expect(baseScore + sum(explanation.reasons, ({ weight }) => weight)).toBeCloseTo(score, 9);
      expect(stages).toContainEqual({ stage: 'RANKER', score, rank: expect.any(Number) });
      expect(stages).toContainEqual({ stage: 'BLEND', score: scores.blend, rank: expect.any(Number) });
    }
    expect(nodes[0].features[0]).toMatchObject({ group: 'POPULARITY', unit: 'ln of a share' });
    const kinds = nodes[0].explanation.reasons.map(({ kind, scope }: any) => [kind, scope]);
    expect(kinds).toEqual(expect.arrayContaining([['POPULARITY', 'region']]));
  });

  it('gives what is not known as null', async () => {
    const { data } = await (
      await ranked()
    ).execute(LIST.replace('userId: "u1"', 'userId: "nobody"'), { region: 'west' });
    expect(data.recommendations.nodes[0].features.map(({ value }: any) => value)).toEqual([
      null,
      null,
      expect.any(Number),
    ]);
  });

  it('is explained on its later pages by the ranker that made it, or says that this one is gone', async () => {
    const test = await ranked();
    const { data } = await test.execute(LIST, { region: 'north' });
    const page = LIST.replace('first: 10', `first: 10, after: "${data.recommendations.pageInfo.endCursor}"`);
    const later = (await test.execute(page, { region: 'north' })).data.recommendations.nodes;
    for (const { score, baseScore, features } of later) {
      expect(baseScore + sum(features, ({ contribution }) => contribution)).toBeCloseTo(score, 9);
    }
    test.snapshots.snapshot = null;
    const [gone] = (await test.execute(page, { region: 'north' })).data.recommendations.nodes;
    expect(gone.features).toEqual([]);
    expect(gone.explanation.reasons).toEqual([
      expect.objectContaining({
        kind: 'RANKER',
        weight: gone.score,
        text: 'put here by a model that is not in use here',
      }),
    ]);
    expect(gone.baseScore).toBeNull();
  });

  it('shows the ranker’s whole order as a stage', async () => {
    const stage = `query { user(id: "u1") { stage(name: RANKER, first: 5) { rank score item { id } } } }`;
    const found = (await (await ranked()).execute(stage)).data.user.stage;
    expect(found).toHaveLength(5);
    const scores = found.map(({ score }: any) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect((await (await testGateway(EVENTS)).execute(stage)).data.user.stage).toEqual([]);
  });

  it('falls back to the blend where the ranker fails, and says so', async () => {
    const test = await testGateway(EVENTS);
    const plain = (await test.execute(LIST, { region: 'north' })).data.recommendations;
    test.snapshots.snapshot = rankedBy(ensembleOf([], ['no_such_feature']));
    const { data, errors } = await test.execute(LIST, { region: 'north' });
    expect(errors).toBeUndefined();
    expect(data.recommendations.degradations).toEqual([
      { stage: 'RANKER', code: 'STAGE_FAILED', instead: 'ordered by the blend' },
    ]);
    const order = ({ nodes }: any): number[] => nodes.map(({ score }: any) => score);
    expect(order(data.recommendations)).toEqual(order(plain));
    expect(data.recommendations.nodes[0].scores.ranker).toBeNull();
  });
});
