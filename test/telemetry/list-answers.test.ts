import { BUILT_IN_SCENARIOS } from '../../src/engine/scenario.js';
import { type Slate } from '../../src/engine/slate.js';
import { type InteractionEvent, type InteractionType } from '../../src/events/event.js';
import { type ListAnswer, ListAnswers } from '../../src/telemetry/list-answers.js';
import { testGateway, type TestGateway } from '../support/gateway.js';
import { NOON } from '../support/state.js';

const [scenario] = BUILT_IN_SCENARIOS;

/** Everybody reads a, and b after it; c is filled in. */
const WORLD: readonly InteractionEvent[] = ['r1', 'r2', 'r3'].flatMap((userId) => [
  click(userId, 'a', NOON),
  click(userId, 'b', NOON + 1_000),
]);

function click(userId: string, itemId: string, at = NOON + 3_600_000): InteractionEvent {
  return { kind: 'interaction', userId, itemId, type: 'CLICK', at };
}

interface Tried {
  readonly test: TestGateway;
  readonly slate: Slate;
  readonly answers: ListAnswers;
  readonly told: (ListAnswer | string)[];
  /** Id of the item at this place, from 1. */
  itemAt(rank: number): string;
}

async function tried(most?: number): Promise<Tried> {
  const test = await testGateway(WORLD);
  const request = { userId: 'r1', sessionId: null, seedItems: null, context: null, filter: null };
  await test.gateway.append([click('r1', 'a', NOON + 2_000), click('stranger', 'c', NOON)]);
  const [slate] = await test.gateway.recommend(
    [{ ...request, userId: 'new', scenario: scenario!, now: test.now }],
    null,
  );
  if (slate instanceof Error) throw slate;
  const told: Tried['told'] = [];
  const answers = new ListAnswers({
    slateOf: (id) => test.gateway.stored([id]).then(([slate]) => slate!),
    itemOf: (id) => test.gateway.state.items.find(id),
    onAnswer: (answer) => told.push(answer),
    onUnattributed: (reason) => told.push(reason),
    ...(most !== undefined && { most }),
  });
  test.gateway.onAppend = answers.offer;
  return { test, slate: slate!, answers, told, itemAt: (rank) => test.gateway.state.items.id(slate!.items[rank - 1]!) };
}

const answering = ({ slate, itemAt }: Tried, rank: number, type: InteractionType = 'CLICK'): InteractionEvent => ({
  ...click('new', itemAt(rank)),
  type,
  recommendationId: slate.id,
  rank,
});

it('ties a click to every source that found its item, and names list, scenario and model but nobody', async () => {
  const world = await tried();
  await world.test.gateway.append([answering(world, 1)]);
  await world.answers.flush();
  const found = world.slate.sources.filter(({ ranks }) => ranks[0]! > 0).map(({ name }) => name);
  expect(found).toContain('POPULARITY');
  expect(world.told).toEqual([
    {
      type: 'CLICK',
      recommendationId: world.slate.id,
      scenario: scenario!.name,
      segment: 'COLD',
      snapshot: null,
      count: 1,
      rank: 1,
      stages: new Map(found.map((name) => [name, 1])),
    },
  ]);
});

it('tells impressions of one list together', async () => {
  const world = await tried();
  await world.test.gateway.append([answering(world, 1, 'IMPRESSION'), answering(world, 2, 'IMPRESSION')]);
  await world.answers.flush();
  expect(world.told).toMatchObject([{ type: 'IMPRESSION', count: 2 }]);
  expect((world.told[0] as ListAnswer).stages.get('POPULARITY')).toBe(2);
});

it('finds the item where the client names no rank, or a wrong one', async () => {
  const world = await tried();
  const { rank, ...unranked } = answering(world, 2);
  await world.test.gateway.append([unranked, { ...unranked, rank: rank! + 1 }]);
  await world.answers.flush();
  expect(world.told).toMatchObject([{ count: 2, rank: 2 }]);
});

it('says why an interaction can’t be tied to a list', async () => {
  const world = await tried();
  await world.test.gateway.append([
    { ...answering(world, 1), recommendationId: 'never made' },
    { ...answering(world, 1), itemId: 'not on the list' },
  ]);
  await world.answers.flush();
  expect(world.told).toEqual(['list_gone', 'not_on_list']);
});

it('leaves out what names no list, what is taken back and what had been recorded before', async () => {
  const world = await tried();
  const once = { ...answering(world, 1), id: 'once' };
  await world.test.gateway.append([once]);
  await world.test.gateway.append([once, click('new', 'a'), answering(world, 1, 'UNDO')]);
  await world.answers.flush();
  expect(world.told).toMatchObject([{ type: 'CLICK', count: 1 }]);
});

it('does not hold the answer up: the list is read after the append has resolved', async () => {
  const world = await tried();
  let read = 0;
  const slateOf = (id: string): Promise<Slate | null> => {
    read++;
    return world.test.gateway.stored([id]).then(([slate]) => slate!);
  };
  const answers = new ListAnswers({
    ...{ slateOf, itemOf: () => 0, onAnswer: () => undefined, onUnattributed: () => undefined },
  });
  world.test.gateway.onAppend = answers.offer;
  await world.test.gateway.append([answering(world, 1)]);
  expect(read).toBe(0);
  await answers.flush();
  expect(read).toBe(1);
});

it('drops and counts what comes while too many wait', async () => {
  const world = await tried(1);
  await world.test.gateway.append([answering(world, 1), answering(world, 2), answering(world, 2)]);
  await world.answers.flush();
  expect(world.told).toMatchObject(['queue_full', 'queue_full', { count: 1 }]);
});
