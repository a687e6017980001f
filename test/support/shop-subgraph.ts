/** A second subgraph over HTTP: it owns titles and prices of items, and knows who reads. Its items and users are ours by their ids. */
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type DocumentNode, parse } from 'graphql';

export const SHOP: DocumentNode = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])
  type Item @key(fields: "id") { id: ID! title: String! price: Float! }
  type User @key(fields: "id") { id: ID! }
  type PageInfo @shareable { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
  type Query { currentReader(id: ID!): User! bestsellers(ids: [ID!]!): [Item!]! }
`);

export interface ShopSubgraph {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startShop(): Promise<ShopSubgraph> {
  const apollo = new ApolloServer({
    plugins: [ApolloServerPluginInlineTraceDisabled()],
    schema: buildSubgraphSchema({
      typeDefs: SHOP,
      resolvers: {
        Query: {
          currentReader: (_root: unknown, { id }: { id: string }) => ({ id }),
          bestsellers: (_root: unknown, { ids }: { ids: string[] }) => ids.map((id) => priced({ id })),
        },
        Item: { __resolveReference: priced },
      },
    }),
  });
  const { url } = await startStandaloneServer(apollo, { listen: { port: 0, host: '127.0.0.1' } });
  return { url, stop: () => apollo.stop() };
}

/** The title and the price follow from the id: a test knows them. */
function priced({ id }: { readonly id: string }): object {
  return { __typename: 'Item', id, title: `Title of ${id}`, price: id.length };
}
