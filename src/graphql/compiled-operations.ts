/**
 * Executes operations through graphql-jit: each operation of a document is compiled once, and the function lives as long as
 * the document store keeps the document. What it cannot serve is left to graphql-js: subscriptions, @defer and @stream,
 * operations that do not compile, variables of input types that contain themselves, such as ItemFilter (graphql-jit 0.8.9
 * does not end over them), and variables that do not fit, whose errors graphql-js words.
 */
import { type ApolloServerPlugin, type GraphQLRequestListener, HeaderMap } from '@apollo/server';
import {
  type DocumentNode,
  type ExecutionResult,
  getNamedType,
  type GraphQLFormattedError,
  type GraphQLNamedType,
  type GraphQLSchema,
  isInputObjectType,
  Kind,
  type NamedTypeNode,
  typeFromAST,
  visit,
} from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import { type RequestContext } from '../context.js';

type Compiled = (
  root: undefined,
  context: RequestContext,
  variables: Readonly<Record<string, unknown>>,
) => Promise<ExecutionResult> | ExecutionResult;

const NO_HEADERS = new HeaderMap();
const INCREMENTAL = new Set(['defer', 'stream']);

/** @param publicError what a client is told of an error: Apollo formats none of those that a plugin's answer carries */
export function compiledOperations(
  publicError: (error: unknown) => GraphQLFormattedError,
): ApolloServerPlugin<RequestContext> {
  const documents = new WeakMap<DocumentNode, Map<string | null, Compiled | null>>();
  const compiledOf = (schema: GraphQLSchema, document: DocumentNode, name: string | null): Compiled | null => {
    let operations = documents.get(document);
    if (operations === undefined) documents.set(document, (operations = new Map()));
    let compiled = operations.get(name);
    if (compiled === undefined) operations.set(name, (compiled = compile(schema, document, name)));
    return compiled;
  };
  const listener: GraphQLRequestListener<RequestContext> = {
    async responseForOperation({ schema, document, operation, operationName, request, contextValue }) {
      // Apollo types it as always there; without a name among several operations there is none.
      if ((operation as typeof operation | undefined)?.operation !== 'query' && operation?.operation !== 'mutation')
        return null;
      const compiled = compiledOf(schema, document, operationName);
      if (compiled === null) return null;
      const { data, errors } = await compiled(undefined, contextValue, request.variables ?? {});
      if (data === undefined) return null;
      const singleResult = errors === undefined ? { data } : { errors: errors.map(publicError), data };
      return { http: { headers: NO_HEADERS }, body: { kind: 'single', singleResult } };
    },
  };
  return { requestDidStart: () => Promise.resolve(listener) };
}

function compile(schema: GraphQLSchema, document: DocumentNode, name: string | null): Compiled | null {
  if (isIncremental(document) || hasRecursiveVariable(schema, document)) return null;
  const compiled = compileQuery(schema, document, name ?? undefined);
  return isCompiledQuery(compiled) ? (compiled.query as Compiled) : null;
}

function isIncremental(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Directive(node) {
      if (INCREMENTAL.has(node.name.value)) found = true;
    },
  });
  return found;
}

/** Whether a variable of any operation is of an input type that contains itself. */
function hasRecursiveVariable(schema: GraphQLSchema, document: DocumentNode): boolean {
  return document.definitions.some(
    (definition) =>
      definition.kind === Kind.OPERATION_DEFINITION &&
      (definition.variableDefinitions ?? []).some(({ type }) => {
        const named = typeFromAST(schema, type as NamedTypeNode);
        return named !== undefined && isRecursive(getNamedType(named), []);
      }),
  );
}

function isRecursive(type: GraphQLNamedType, above: readonly GraphQLNamedType[]): boolean {
  if (!isInputObjectType(type)) return false;
  if (above.includes(type)) return true;
  return Object.values(type.getFields()).some((field) => isRecursive(getNamedType(field.type), [...above, type]));
}
