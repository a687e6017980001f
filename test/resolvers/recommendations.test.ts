import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LmdbSlateStore } from '../../src/cache/lmdb-slate-store.js';
import { stateHash } from '../../src/state/checkpoint.js';
import { DOCUMENTED_EVENTS, documentedVariables } from '../support/documented.js';
import { testGateway } from '../support/gateway.js';
import { click, MINUTE, NOON } from '../support/state.js';

const OPERATIONS = join(__dirname, '../operations');
const operation = (name: string): string => readFileSync(join(OPERATIONS, `${name}.graphql`), 'utf8');

describe('documented operations', () => {
  const names = readdirSync(OPERATIONS).map((file) => file.replace('.graphql', ''));

  it.each(names)('%s answers without an error', async (name) => {
    const { execute } = await testGateway(DOCUMENTED_EVENTS);
    const { data, errors } = await execute(operation(name), documentedVariables(name));
    expect(errors).toBeUndefined();
    expect(Object.values(data as object)[0]).not.toBeNull();
  });
});

describe('recommendations', () => {
  it('make lists for fifty users in turns of eight, with one read of the log', async () => {
    const test = await testGateway(DOCUMENTED_EVENTS);
    const batches = jest.spyOn(test.engine, 'recommend');
    const users = jest.spyOn(test.gateway.state.users, 'read');
    const log = jest.spyOn(test.log, 'get');
    const userIds = Array.from({ length: 50 }, (_, at) => `u${at}`);
    const query = `query ($ids: [ID!]!) { users(ids: $ids) {
      segment profile { updatedAt } history(first: 3) { nodes { id sessionId } } recommendations(first: 5) { nodes { item { id attributes } } }
    } }`;
    const { data, errors } = await test.execute(query, { ids: userIds });
    expect(errors).toBeUndefined();
    expect(data.users).toHaveLength(50);
    const turns = [8, 8, 8, 8, 8, 8, 2];
    expect(batches.mock.calls.map(([queries]) => queries.length)).toEqual(turns);
    expect(log.mock.calls.map(([positions]) => positions.length)).toEqual([150]);
    // One read for the fields of the users, one that the engine makes for each turn of lists.
    expect(users.mock.calls.map(([ids]) => ids.length)).toEqual([50, ...turns]);
  });

  it('page to the end without a repeat or a hole while clicks come in', async () => {
    const test = await testGateway(DOCUMENTED_EVENTS);
    const ranks: number[] = [];
    const ids: string[] = [];
    let after: string | null = null;
    for (let page = 0; page < 10; page++) {
      const { data, errors } = await test.execute(operation('NextPage'), { userId: 'u1', first: 16, after });
      expect(errors).toBeUndefined();
      const { edges, pageInfo } = data.recommendations;
      for (const { node } of edges) {
        ranks.push(node.rank);
        ids.push(node.item.id);
      }
      expect(pageInfo.hasPreviousPage).toBe(page > 0);
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
      await test.gateway.append([click('u1', ids.at(-1)!, 61), click('somebody', 'i140', 61)]);
    }
    expect(ranks).toEqual(Array.from({ length: 100 }, (_, at) => at + 1));
    expect(new Set(ids).size).toBe(100);
  });

  it('refuse the cursor of another list, and one whose list has expired', async () => {
    const test = await testGateway(DOCUMENTED_EVENTS);
    const { data } = await test.execute(operation('NextPage'), { userId: 'u1', first: 5 });
    const after = data.recommendations.pageInfo.endCursor;
    const other = await test.execute(operation('NextPage'), { userId: 'u2', first: 5, after });
    expect(other.errors![0]!.extensions.code).toBe('BAD_CURSOR');
    test.now += 601_000;
    const late = await test.execute(operation('NextPage'), { userId: 'u1', first: 5, after });
    expect(late.errors![0]!.extensions.code).toBe('SLATE_EXPIRED');
  });

  it('made for a session are gone with the person whose clicks they started from', async () => {
    const test = await testGateway(DOCUMENTED_EVENTS);
    const query =
      'query ($after: String) { recommendations(sessionId: "s1", first: 5, after: $after) { segment pageInfo { endCursor } } }';
    const { data } = await test.execute(query);
    expect(data.recommendations.segment).toBe('WARM');
    await test.execute(operation('ForgetUser'), { userId: 'u1' });
    const { errors } = await test.execute(query, { after: data.recommendations.pageInfo.endCursor });
    expect(errors![0]!.extensions.code).toBe('SLATE_EXPIRED');
  });

  it('of another process are paged through once the state has come as far as theirs', async () => {
    const test = await testGateway(DOCUMENTED_EVENTS);
    const { data } = await test.execute(operation('NextPage'), { userId: 'u1', first: 5 });
    const { endCursor } = data.recommendations.pageInfo;
    const slate = (await test.gateway.stored([data.recommendations.recommendationId]))[0]!;
    const [position] = (await test.log.append([{ kind: 'item', itemId: 'later', at: NOON }])).positions;
    jest
      .spyOn(LmdbSlateStore.prototype, 'get')
      .mockResolvedValueOnce([{ ...slate, trace: { ...slate.trace, logPosition: position! } }] as never)
      .mockResolvedValueOnce([{ ...slate, trace: { ...slate.trace, logPosition: position! + 1 } }] as never);
    const next = await test.execute(operation('NextPage'), { userId: 'u1', first: 5, after: endCursor });
    expect(next.errors).toBeUndefined();
    expect(test.gateway.state.position).toBe(position);
    const beyond = await test.execute(operation('NextPage'), { userId: 'u1', first: 5, after: endCursor });
    expect(beyond.errors![0]!.extensions.code).toBe('SLATE_EXPIRED');
  });

  it('see a click in the same operation and in the next one', async () => {
    const test = await testGateway(DOCUMENTED_EVENTS);
    const before = await test.execute(operation('RecommendationsForUser'), { userId: 'fresh', first: 100 });
    expect(before.data.recommendations.segment).toBe('COLD');
    const listed = (nodes: { item: { id: string } }[]): string[] => nodes.map(({ item }) => item.id);
    expect(listed(before.data.recommendations.nodes)).toContain('i9');
    const clicked = await test.execute(operation('ClickAndSee'), { userId: 'fresh', itemId: 'i9', first: 100 });
    const [user] = clicked.data.recordInteractions.users;
    expect(user.segment).toBe('WARM');
    expect(listed(user.recommendations.nodes)).not.toContain('i9');
    const next = await test.execute(operation('RecommendationsForUser'), { userId: 'fresh', first: 100 });
    expect(listed(next.data.recommendations.nodes)).toEqual(listed(user.recommendations.nodes));
  });

  it('explain scores by stages, features and reasons that each add up', async () => {
    const test = await testGateway(DOCUMENTED_EVENTS);
    const { data } = await test.execute(operation('WhyTheseItems'), { userId: 'u1', first: 100 });
    expect(data.recommendations.nodes).toHaveLength(100);
    for (const { score, baseScore, stages, features, explanation, scores } of data.recommendations.nodes) {
      const sum = (parts: { contribution?: number | null; weight?: number }[], of: 'contribution' | 'weight'): number =>
        parts.reduce((total, part) => total + (part[of] ?? 0), baseScore as number);
      expect(sum(stages, 'contribution')).toBeCloseTo(score, 10);
      expect(sum(features, 'contribution')).toBeCloseTo(score, 10);
      expect(sum(explanation.reasons, 'weight')).toBeCloseTo(score, 10);
      expect(scores.blend).toBe(score);
      expect(scores.als).toBeNull();
    }
  });

  it('change nothing in state', async () => {
    const test = await testGateway(DOCUMENTED_EVENTS);
    const before = stateHash(test.gateway.state);
    for (const name of ['WhyTheseItems', 'FrontPage', 'SimilarItems', 'StageCandidates', 'UserHistory']) {
      await test.execute(operation(name), { ...documentedVariables(name), userId: 'never seen' });
    }
    expect(stateHash(test.gateway.state)).toBe(before);
  });
});

describe('mutations', () => {
  it('keep good entries, list bad ones and count an id once', async () => {
    const test = await testGateway();
    const interactions = [
      { id: 'a', userId: 'u', itemId: 'x' },
      { userId: 'u', itemId: 'x', weight: -1 },
      { id: 'a', userId: 'u', itemId: 'y' },
      { userId: 'v', itemId: 'z', at: '2026-01-05T12:30:00Z' },
    ];
    const { data } = await test.execute(operation('RecordInteractions'), { input: { interactions } });
    expect(data.recordInteractions).toMatchObject({ accepted: 2, duplicates: 1, logPosition: '2' });
    expect(data.recordInteractions.rejected).toMatchObject([{ index: 1, code: 'BAD_WEIGHT' }]);
  });

  it('UNDO takes back the last interaction on the item and leaves the user warm', async () => {
    const test = await testGateway([click('u', 'a', 0), click('u', 'b', 1)]);
    const interactions = [{ userId: 'u', itemId: 'b', type: 'UNDO' }];
    await test.execute(operation('RecordInteractions'), { input: { interactions } });
    const { data } = await test.execute(operation('UserHistory'), { userId: 'u' });
    expect(data.user.segment).toBe('WARM');
    expect(data.user.history.nodes).toMatchObject([{ item: { id: 'a' }, type: 'CLICK' }]);
  });

  it('give interactions back as they came, newest first, page by page', async () => {
    const test = await testGateway([
      click('u', 'a', 0, { id: 'first', sessionId: 's', recommendationId: 'r', context: { device: 'phone' } }),
      click('u', 'b', 1),
    ]);
    const first = await test.execute(operation('UserHistory'), { userId: 'u', first: 1 });
    expect(first.data.user.history.nodes).toMatchObject([
      { id: '2', sessionId: null, at: new Date(NOON + MINUTE).toISOString() },
    ]);
    await test.gateway.append([click('u', 'c', 2)]);
    const after = first.data.user.history.pageInfo.endCursor;
    const second = await test.execute(operation('UserHistory'), { userId: 'u', first: 1, after });
    expect(second.data.user.history.nodes).toMatchObject([
      { id: 'first', sessionId: 's', recommendationId: 'r', context: { device: 'phone' } },
    ]);
    expect(second.data.user.history.pageInfo.hasNextPage).toBe(false);
  });

  it('merge a visitor into a user, and forget a person', async () => {
    const test = await testGateway([click('visitor', 'a', 0), click('anna', 'b', 1)]);
    const merged = await test.execute(operation('MergeUsers'), { fromUserId: 'visitor', intoUserId: 'anna' });
    expect(merged.data.mergeUsers.user.history.nodes).toHaveLength(2);
    await test.execute(operation('RecommendationsForUser'), { userId: 'anna' });
    const { data } = await test.execute(operation('ForgetUser'), { userId: 'anna' });
    expect(data.forgetUser.erased).toEqual({ interactions: 2, profile: false, slates: 1, logEntries: 4 });
    const { data: rest } = await test.execute(operation('UserHistory'), { userId: 'anna' });
    expect(rest.user).toMatchObject({ segment: 'COLD', profile: null, history: { nodes: [] } });
  });

  it('declare an attribute’s type by its first value, within one mutation too', async () => {
    const test = await testGateway();
    const items = [
      { id: 'a', attributes: { size: 1 } },
      { id: 'b', attributes: { size: 'large' } },
      { id: 'a', attributes: { size: null }, available: false },
    ];
    const { data } = await test.execute(operation('UpsertItems'), { input: { items } });
    expect(data.upsertItems.rejected).toMatchObject([{ index: 1, code: 'WRONG_TYPE' }]);
    expect(data.upsertItems.items).toEqual([{ id: 'a', attributes: {}, available: false, publishedAt: null }]);
  });

  it('refuse every item that loses the race to declare a type, as a whole', async () => {
    const test = await testGateway();
    const sent = [1, 'text', true].map((value, at) =>
      test.execute(operation('UpsertItems'), {
        input: { items: [{ id: `i${at}`, attributes: { other: at, size: value } }] },
      }),
    );
    const answers = (await Promise.all(sent)).map(({ data }) => data.upsertItems);
    const accepted = answers.map((answer) => answer.accepted as number);
    expect([...accepted].sort()).toEqual([0, 0, 1]);
    const rejected = { index: 0, code: 'WRONG_TYPE' };
    expect(answers.flatMap((answer) => answer.rejected)).toMatchObject([rejected, rejected]);
    expect(answers.map(({ items }) => items.length)).toEqual(accepted);
    const known = ['i0', 'i1', 'i2'].map((id) => test.gateway.state.items.find(id) + 1);
    expect(known).toEqual(accepted);
  });

  it('say that the log takes no events, and mask what nobody foresaw', async () => {
    const test = await testGateway(DOCUMENTED_EVENTS);
    await test.log.close();
    const refused = await test.execute(operation('ClickAndSee'), documentedVariables('ClickAndSee'));
    expect(refused.errors).toMatchObject([{ extensions: { code: 'LOG_UNAVAILABLE' } }]);
    jest.spyOn(test.engine, 'recommend').mockImplementation(() => {
      throw new Error('secret');
    });
    const failed = await test.execute(
      operation('RecommendationsForUser'),
      documentedVariables('RecommendationsForUser'),
    );
    expect(failed.errors).toMatchObject([
      { message: 'something went wrong on our side', extensions: { code: 'INTERNAL' } },
    ]);
    expect(JSON.stringify(failed)).not.toContain('secret');
  });
});
