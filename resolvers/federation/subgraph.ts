/**
 * The same schema as a subgraph of Apollo Federation 2: items and users are entities by their id, which other subgraphs add fields
 * to or refer to. Types, fields and resolvers are those of the schema itself.
 */
import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  visit,
} from 'graphql';
import { createResolversMap } from 'type-graphql';
import { buildGraphQLSchema, printGraphQLSchema } from '../index.js';
import { entities } from './entities.js';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])';
/** Every subgraph with connections has a PageInfo: each may resolve it. */
const DIRECTIVES: Readonly<Record<string, string>> = {
  Item: '@key(fields: "id")',
  User: '@key(fields: "id")',
  PageInfo: '@shareable',
};

/** The executable schema with `_service` and `_entities`. */
export function buildSubgraph(): GraphQLSchema {
  const resolvers = createResolversMap(buildGraphQLSchema()) as Record<string, object>;
  return buildSubgraphSchema({
    typeDefs: subgraphDocument(),
    resolvers: {
      ...resolvers,
      Query: { ...resolvers['Query'], ...entities.Query },
      _Entity: entities._Entity,
    } as never,
  });
}

/** The subgraph as text, for composition: what subgraph.graphql holds. */
export function printSubgraph(): string {
  return `${print(subgraphDocument())}\n`;
}

function subgraphDocument(): DocumentNode {
  return visit(parse(`${LINK}\n${printGraphQLSchema()}`, { noLocation: true }), {
    ObjectTypeDefinition(node): ObjectTypeDefinitionNode | undefined {
      const text = DIRECTIVES[node.name.value];
      return text === undefined ? undefined : { ...node, directives: directivesOf(text) };
    },
  });
}

function directivesOf(text: string): readonly ConstDirectiveNode[] {
  const [definition] = parse(`type T ${text} { f: Int }`, { noLocation: true }).definitions;
  return definition?.kind === Kind.OBJECT_TYPE_DEFINITION ? (definition.directives ?? []) : [];
}
