import fc from 'fast-check';
import { type Difference } from '../../src/math/bootstrap.js';
import { createEngine } from '../../src/engine/recommend.js';
import { type Event } from '../../src/events/event.js';
import { MemoryUserRecords } from '../../src/profiles/memory-user-records.js';
import { Fold } from '../../src/replay/fold.js';
import { LivePopularity } from '../../src/replay/live-popularity.js';
import { LiveState } from '../../src/state/live-state.js';
import { DEFAULT_STATE_SETTINGS } from '../../src/state/state-settings.js';
import { Gate, type GateResult, verdict } from '../../src/training/gate.js';
import { difficultLog, replayed } from '../support/replay.js';

const difference = (mean: number): Difference => ({ mean, low: mean - 0.01, high: mean + 0.01 });

function result(overLive: number, overCurrent: number | null, queries = 50): GateResult {
  return {
    queries,
    candidate: {
      hr: 0.5,
      ndcg: 0.3,
      overLivePopularity: difference(overLive),
      overCurrent: overCurrent === null ? null : difference(overCurrent),
    },
    ranker: null,
    baselines: { livePopularity: 0.4 },
  };
}

const NEXT = { isFirst: false, instead: null };

describe('verdict', () => {
  it('accepts the first snapshot, whatever it is worth', () => {
    expect(verdict(result(-0.5, null, 0), { isFirst: true, instead: null })).toEqual({
      accepted: true,
      reason: 'the first snapshot',
    });
  });

  const TABLE: [string, GateResult, boolean, string][] = [
    [
      'refuses where too few clicks tell',
      result(0.1, 0.1, 49),
      false,
      '49 clicks to judge by since the data of the snapshot in use end; 50 are needed',
    ],
    [
      'refuses what is worse than live popularity',
      result(-0.0123, 0.1),
      false,
      'no better than live popularity: NDCG@10 −0.0123 (95 % −0.0223 to −0.0023)',
    ],
    [
      'refuses what is worse than the snapshot in use',
      result(0.1, -0.002),
      false,
      'no better than the snapshot in use: NDCG@10 −0.0020 (95 % −0.0120 to +0.0080)',
    ],
    [
      'refuses what only equals live popularity',
      result(0, 0.1),
      false,
      'no better than live popularity: NDCG@10 +0.0000 (95 % −0.0100 to +0.0100)',
    ],
    [
      'refuses what only equals the snapshot in use',
      result(0.1, 0),
      false,
      'no better than the snapshot in use: NDCG@10 +0.0000 (95 % −0.0100 to +0.0100)',
    ],
    [
      'accepts what is better than both',
      result(0.1, 0.02),
      true,
      'better than live popularity: NDCG@10 +0.1000 (95 % +0.0900 to +0.1100), than the one in use: NDCG@10 +0.0200 (95 % +0.0100 to +0.0300)',
    ],
    [
      'accepts what beats live popularity where the one in use can’t be read',
      result(0.1, null),
      true,
      'better than live popularity: NDCG@10 +0.1000 (95 % +0.0900 to +0.1100)',
    ],
  ];
  it.each(TABLE)('%s', (_, judged, accepted, reason) => {
    expect(verdict(judged, NEXT)).toEqual({ accepted, reason });
  });

  it('says what stood in for a snapshot in use that can’t be read, whatever it decides', () => {
    const instead = 'A stands in for B, which can’t be read';
    for (const judged of [result(0.1, 0.1), result(0.1, -0.1), result(-0.1, 0.1), result(0.1, 0.1, 3)]) {
      const { accepted, reason } = verdict(judged, NEXT);
      expect(verdict(judged, { isFirst: false, instead })).toEqual({ accepted, reason: `${reason}; ${instead}` });
    }
  });

  it('lets no clear loss pass, and nothing that is no number: what passes has both means above zero', () => {
    const mean = fc.oneof(fc.double({ min: -1, max: 1, noNaN: true }), fc.constant(NaN), fc.constant(0));
    fc.assert(
      fc.property(mean, fc.option(mean), fc.nat(200), (live, current, queries) => {
        const { accepted } = verdict(result(live, current, queries), NEXT);
        expect(accepted).toBe(queries >= 50 && live > 0 && (current === null || current > 0));
      }),
      { seed: 1 },
    );
  });
});

describe('Gate', () => {
  /** Judges every list of the log, where the snapshot in use has the same lists as the candidate. */
  async function judged(events: readonly Event[]): Promise<GateResult> {
    const engine = createEngine({ clock: () => 0 });
    const popularity = new LivePopularity(DEFAULT_STATE_SETTINGS.weights);
    const fold = new Fold(new LiveState(DEFAULT_STATE_SETTINGS, new MemoryUserRecords()), [popularity]);
    const same = { id: 'same', createdAt: 0, dataUntil: 0, metrics: {}, weights: null, als: null, ranker: null };
    const knowsTarget = {
      name: 'knowsTarget',
      best: (_: number, { target }: { readonly target: number }) => [target],
    };
    const gate = new Gate({ engine, current: same, blend: null, popularity, baselines: [knowsTarget] });
    await replayed(events, (answered) => gate.judge(answered), { engine, fold });
    return gate.result(1);
  }

  it('finds no difference between a snapshot and itself, and counts what stands beside it', async () => {
    const { queries, candidate, baselines } = await judged(difficultLog(3, 600));
    expect(queries).toBeGreaterThan(100);
    expect(candidate.overCurrent).toEqual({ mean: 0, low: 0, high: 0 });
    expect(baselines['knowsTarget']).toBeGreaterThan(0.8);
    expect(candidate.hr).toBeGreaterThan(0);
    expect(candidate.ndcg).toBeLessThan(candidate.hr);
    expect(candidate.overLivePopularity.low).toBeLessThan(candidate.overLivePopularity.high);
  });

  it('says the same again: the intervals are seeded', async () => {
    const events = difficultLog(3, 300);
    expect(await judged(events)).toEqual(await judged(events));
  });

  it('has a result without any query', () => {
    const engine = createEngine({ clock: () => 0 });
    const popularity = new LivePopularity(DEFAULT_STATE_SETTINGS.weights);
    const gate = new Gate({ engine, current: null, blend: null, popularity, baselines: [] });
    const empty = gate.result(1);
    expect(empty).toMatchObject({ queries: 0, candidate: { hr: 0, ndcg: 0, overCurrent: null }, ranker: null });
    expect(verdict(empty, NEXT).accepted).toBe(false);
  });
});
