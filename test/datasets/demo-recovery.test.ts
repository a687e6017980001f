/** The engine finds the truth of the demo world: against an oracle that knows it, and against popularity alone. */
import { createWorld } from '../../src/datasets/demo/world.js';
import { topK } from '../../src/math/top-k.js';
import { createEngine } from '../../src/engine/recommend.js';
import { POPULAR_ITEMS, type Scenario, BUILT_IN_SCENARIOS } from '../../src/engine/scenario.js';
import { type LiveState } from '../../src/state/live-state.js';
import { queryOf } from '../support/query.js';
import { stateOf } from '../support/state.js';

const DAY_MS = 86_400_000;
const STARTS_AT = Date.UTC(2026, 0, 1);
const K = 10;
const SAMPLE = 8;

interface Hits {
  oracle: number;
  engine: number;
  popularity: number;
  queries: number;
}

/** Replays the fifth day: every eighth click is asked for at its own time, before it is folded in. */
function replay(): Hits {
  const world = createWorld({ seed: 1, startsAt: STARTS_AT });
  const state: LiveState = stateOf([...world.events(STARTS_AT, STARTS_AT + 4 * DAY_MS)].flat());
  const clicks = new Map(
    world
      .clicks(STARTS_AT + 4 * DAY_MS, STARTS_AT + 5 * DAY_MS)
      .map((click) => [`${click.visit.sessionId}/${click.place}`, click]),
  );
  const engine = createEngine({ clock: () => 0 });
  const hits: Hits = { oracle: 0, engine: 0, popularity: 0, queries: 0 };
  const placeOf = new Map<string, number>();
  for (const event of [...world.events(STARTS_AT + 4 * DAY_MS, STARTS_AT + 5 * DAY_MS)].flat()) {
    if (event.kind === 'interaction' && event.type === 'CLICK') {
      const place = placeOf.get(event.sessionId!) ?? 0;
      placeOf.set(event.sessionId!, place + 1);
      const click = clicks.get(`${event.sessionId}/${place}`);
      const [user] = state.users.read([event.userId], state.position);
      const target = state.items.find(event.itemId);
      const seen = new Set([...(user?.history.item ?? [])].map((item) => state.items.id(item)));
      if (click !== undefined && state.position % SAMPLE === 0 && !seen.has(event.itemId)) {
        hits.queries++;
        const ask = (scenario: Scenario): boolean => {
          const query = queryOf({
            userId: event.userId,
            sessionId: event.sessionId!,
            context: event.context!,
            now: event.at,
            scenario,
          });
          const [slate] = engine.recommend([query], state, null);
          if (slate instanceof Error) throw slate;
          return slate!.items.subarray(0, K).includes(target);
        };
        if (ask(BUILT_IN_SCENARIOS[0]!)) hits.engine++;
        if (ask(POPULAR_ITEMS)) hits.popularity++;
        const previous = click.previous.map((index) => world.article(index).id);
        const truth = world.probabilities(click.visit.visitor, event.at, previous);
        for (let index = 0; index < truth.length; index++) if (seen.has(world.article(index).id)) truth[index] = 0;
        if (topK(truth, truth.length, K).includes(world.indexOf(event.itemId)!)) hits.oracle++;
      }
    }
    state.apply(event, state.position + 1);
  }
  return hits;
}

it('the engine beats popularity by far and comes near what knowing the truth would reach', () => {
  const { oracle, engine, popularity, queries } = replay();
  expect(queries).toBeGreaterThan(300);
  console.log(
    `demo world, HR@${K} of ${queries} clicks: oracle ${(oracle / queries).toFixed(3)}, engine ${(engine / queries).toFixed(3)}, popularity ${(popularity / queries).toFixed(3)}`,
  );
  expect(engine).toBeGreaterThan(popularity * 1.15);
  expect(engine).toBeGreaterThan(oracle * 0.6);
  expect(oracle).toBeGreaterThanOrEqual(engine);
});
