/** Lists whose store fails: they are answered all the same, and what can’t be is told by a code that means that one may ask again. */
import { LmdbSlateStore } from '../../src/cache/lmdb-slate-store.js';
import { RemoteUnavailableError } from '../../src/remote/remote-unavailable-error.js';
import { DOCUMENTED_EVENTS } from '../support/documented.js';
import { testGateway } from '../support/gateway.js';

const away = new RemoteUnavailableError('Redis', new Error('no answer within 1000 ms'));
const LISTS = `query ($after: String) {
  users(ids: ["u1", "u2", "u3"]) {
    recommendations(first: 2, after: $after) {
      nodes { rank } pageInfo { endCursor } degradations { stage code message instead }
    }
  }
}`;
const ONE = `query ($after: String) {
  recommendations(userId: "u1", first: 2, after: $after) { nodes { rank } pageInfo { endCursor } degradations { code } }
}`;

afterEach(() => jest.restoreAllMocks());

it.each([true, false])('are shown where they can’t be kept, and say so (compiled: %s)', async (compiled) => {
  const { execute, gateway } = await testGateway(DOCUMENTED_EVENTS, { compiled });
  const told: string[][] = [];
  gateway.onSlate = ({ degradations }) => told.push(degradations.map(({ code }) => code));
  const put = jest.spyOn(LmdbSlateStore.prototype, 'put').mockRejectedValueOnce(away);
  const { data, errors } = await execute(LISTS);
  expect(errors).toBeUndefined();
  const notKept = {
    stage: 'slates',
    code: 'SLATE_NOT_KEPT',
    message: 'Redis is unavailable: no answer within 1000 ms',
    instead: 'a list without later pages',
  };
  const lists = data.users.map((user: { recommendations: object }) => user.recommendations);
  for (const { nodes, degradations } of lists) {
    expect(nodes).toEqual([{ rank: 1 }, { rank: 2 }]);
    expect(degradations).toEqual([notKept]);
  }
  expect(put).toHaveBeenCalledTimes(1);
  expect(told).toEqual(Array(3).fill(['SLATE_NOT_KEPT']));
  const later = await execute(ONE, { after: lists[0].pageInfo.endCursor });
  expect(later.errors![0]!.extensions.code).toBe('SLATE_EXPIRED');
});

it('are read with one call for all pages, and told to be asked for again where their store is away', async () => {
  const { execute } = await testGateway(DOCUMENTED_EVENTS);
  const { data } = await execute(ONE);
  const { endCursor } = data.recommendations.pageInfo;
  const get = jest.spyOn(LmdbSlateStore.prototype, 'get').mockRejectedValueOnce(away);
  const refused = await execute(ONE, { after: endCursor });
  expect(refused.errors).toMatchObject([
    {
      message: 'a store that replicas share does not answer now; the same may be asked again',
      extensions: { code: 'STORE_UNAVAILABLE' },
    },
  ]);
  expect((await execute(ONE, { after: endCursor })).data.recommendations.nodes).toEqual([{ rank: 3 }, { rank: 4 }]);
  get.mockClear();
  const two = `query ($a: String, $b: String) {
    a: recommendations(userId: "u1", first: 2, after: $a) { nodes { rank } }
    b: recommendations(userId: "u1", first: 3, after: $b) { nodes { rank } }
  }`;
  const other = (await execute(ONE)).data.recommendations.pageInfo.endCursor as string;
  const pages = await execute(two, { a: endCursor, b: other });
  expect(pages.data.b.nodes).toEqual([{ rank: 3 }, { rank: 4 }, { rank: 5 }]);
  expect(get).toHaveBeenCalledTimes(1);
});
