/** Replays of small logs for tests: events as a source, a seeded log with all that makes time difficult, and evaluations of either. */
import { createHash } from 'node:crypto';
import { createEngine } from '../../src/engine/recommend.js';
import { BUILT_IN_SCENARIOS } from '../../src/engine/scenario.js';
import { type Evaluation, evaluate, type EvaluationOptions } from '../../src/evaluation/evaluate.js';
import { type Event, type InteractionEvent } from '../../src/events/event.js';
import { type EventSource } from '../../src/events/event-source.js';
import { seededRandom } from '../../src/math/random.js';
import { MemoryUserRecords } from '../../src/profiles/memory-user-records.js';
import { Fold } from '../../src/replay/fold.js';
import { type AskWindow, planAsks } from '../../src/replay/plan-asks.js';
import { type Answered, replay, type ReplayFigures, type ReplayOptions } from '../../src/replay/replay.js';
import { NO_SNAPSHOTS } from '../../src/replay/snapshot-timeline.js';
import { LiveState } from '../../src/state/live-state.js';
import { DEFAULT_STATE_SETTINGS } from '../../src/state/state-settings.js';
import { click } from './state.js';

export const ALWAYS: AskWindow = { from: 0, to: Infinity, sample: 1, seed: 1 };

/** The events at positions from 1, handed over in batches of three. */
export function sourceOf(events: readonly Event[]): EventSource {
  const content = createHash('sha256').update(JSON.stringify(events)).digest('hex');
  return {
    fingerprint: content,
    markOf: () => Promise.resolve(content),
    inTimeOrder: false,
    async *read(after) {
      for (let start = after; start < events.length; start += 3) {
        yield events.slice(start, start + 3).map((event, at) => ({ position: start + at + 1, event }));
      }
    },
  };
}

/** Readers with interleaved named sessions and unnamed ones, late events, pauses over the gap, and what is no click. */
export function difficultLog(seed: number, length: number): Event[] {
  const random = seededRandom(seed);
  let minutes = 0;
  return Array.from({ length }, (): Event => {
    minutes += random.next() < 0.05 ? 45 : random.below(3);
    const late = random.next() < 0.15 ? random.below(60) : 0;
    const userId = `u${random.below(12)}`;
    const itemId = `i${Math.min(random.below(40), random.below(40))}`;
    const named = random.next() < 0.6 ? { sessionId: `s${Math.floor(minutes / 60)}-${random.below(2)}` } : {};
    const context = { region: `r${random.below(4)}`, referrer: `f${random.below(3)}` };
    const kind = random.next();
    const at = minutes - late;
    if (kind < 0.05) return { kind: 'item', itemId, attributes: { seen: minutes }, at: click('', '', at).at };
    const type: InteractionEvent['type'] = kind < 0.1 ? 'IMPRESSION' : kind < 0.2 ? 'VIEW' : 'CLICK';
    return click(userId, itemId, at, { type, context, ...named });
  });
}

/** Runs the replay over the whole log; `onAnswer` sees every list. */
export async function replayed(
  events: readonly Event[],
  onAnswer: (answered: Answered) => void,
  rest: Partial<ReplayOptions> = {},
): Promise<ReplayFigures> {
  const source = sourceOf(events);
  return replay({
    source,
    asks: await planAsks(source, DEFAULT_STATE_SETTINGS, ALWAYS),
    fold: new Fold(new LiveState(DEFAULT_STATE_SETTINGS, new MemoryUserRecords()), []),
    engine: createEngine({ clock: () => 0 }),
    scenario: BUILT_IN_SCENARIOS[0]!,
    snapshots: NO_SNAPSHOTS,
    onAnswer,
    clock: () => 0,
    ...rest,
  });
}

export async function evaluated(events: readonly Event[], rest: Partial<EvaluationOptions> = {}): Promise<Evaluation> {
  let now = 0;
  return evaluate({
    ...ALWAYS,
    source: sourceOf(events),
    settings: DEFAULT_STATE_SETTINGS,
    records: new MemoryUserRecords(),
    scenario: BUILT_IN_SCENARIOS[0]!,
    snapshots: NO_SNAPSHOTS,
    refusedSnapshots: [],
    k: 10,
    cacheFolder: null,
    baselines: [],
    clock: () => now++,
    onProgress: () => undefined,
    onProblem: (message) => {
      throw new Error(message);
    },
    ...rest,
  });
}

/** SHA-256 of all that must be equal between two evaluations of the same: all but the figures of time. */
export function digestOf(evaluation: Evaluation): string {
  const quality = { ...evaluation, fold: null, serve: null };
  return createHash('sha256').update(JSON.stringify(quality)).digest('hex');
}
