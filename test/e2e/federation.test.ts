/** A supergraph of a real server process and a second subgraph, executed by a real gateway: all over HTTP. */
import { join } from 'node:path';
import { ApolloGateway, IntrospectAndCompose } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { ask, type ServerProcess, startProcess, withFolder } from '../support/server.js';
import { type ShopSubgraph, startShop } from '../support/shop-subgraph.js';

const SEED = `mutation {
  upsertItems(input: { items: [{ id: "i1", attributes: { words: 1 } }, { id: "i2" }, { id: "i3" }] }) { accepted }
  recordInteractions(input: { interactions: [
    { userId: "u1", itemId: "i1" }, { userId: "u2", itemId: "i1" }, { userId: "u2", itemId: "i2" } ] }) { accepted }
}`;

interface Supergraph {
  readonly server: ServerProcess;
  readonly shop: ShopSubgraph;
  readonly apollo: ApolloServer;
  readonly url: string;
}

async function startSupergraph(folder: string): Promise<Supergraph> {
  const [server, shop] = await Promise.all([startProcess(join(folder, 'data'), { FEDERATION: 'on' }), startShop()]);
  await ask(server.url, SEED);
  const gateway = new ApolloGateway({
    supergraphSdl: new IntrospectAndCompose({
      subgraphs: [
        { name: 'recograph', url: `${server.url}/graphql` },
        { name: 'shop', url: shop.url },
      ],
    }),
    logger: { debug: () => {}, info: () => {}, warn: () => {}, error: console.error },
  });
  const apollo = new ApolloServer({ gateway });
  const { url } = await startStandaloneServer(apollo, { listen: { port: 0, host: '127.0.0.1' } });
  return { server, shop, apollo, url };
}

async function query(url: string, text: string) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query: text }) });
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape is the operation's
  return (await response.json()) as { data: any; errors?: unknown };
}

it('answers lists, titles and prices as one graph', async () => {
  await withFolder(async (folder) => {
    const { server, shop, apollo, url } = await startSupergraph(folder);
    const fields = 'nodes { score item { id title price attributes } } pageInfo { hasNextPage }';

    const list = await query(url, `{ recommendations(userId: "u1", first: 3) { ${fields} } }`);
    expect(list.errors).toBeUndefined();
    const { nodes } = list.data.recommendations;
    expect(nodes.map(({ item }: { item: { id: string } }) => item.id).sort()).toEqual(['i2', 'i3']);
    for (const { item, score } of nodes) {
      expect(item).toEqual({ id: item.id, title: `Title of ${item.id}`, price: 2, attributes: {} });
      expect(score).toEqual(expect.any(Number));
    }

    const reader = await query(
      url,
      `{ currentReader(id: "u2") { id segment recommendations(first: 3) { ${fields} } } }`,
    );
    expect(reader.errors).toBeUndefined();
    expect(reader.data.currentReader).toMatchObject({ id: 'u2', segment: 'WARM' });
    expect(reader.data.currentReader.recommendations.nodes).toMatchObject([
      { item: { id: 'i3', title: 'Title of i3' } },
    ]);

    const sold = await query(url, '{ bestsellers(ids: ["i1", "i3"]) { title available attributes } }');
    expect(sold.errors).toBeUndefined();
    expect(sold.data.bestsellers).toEqual([
      { title: 'Title of i1', available: true, attributes: { words: 1 } },
      { title: 'Title of i3', available: true, attributes: {} },
    ]);
    await apollo.stop();
    await shop.stop();
    expect(await server.kill('SIGTERM')).toBe(0);
  });
});

it('is no subgraph unless it is asked to be one', async () => {
  await withFolder(async (folder) => {
    const server = await startProcess(join(folder, 'data'));
    const { errors } = await ask(server.url, '{ _service { sdl } }');
    expect(errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
    await server.kill('SIGTERM');
  });
});
