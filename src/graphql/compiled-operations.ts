/**
 * Executes operations through graphql-jit. A document is compiled when it comes a second time, because compiling costs as much as many
 * executions, and its functions are kept while it is one of the last thousand compiled. What graphql-jit cannot serve is left to
 * graphql-js: subscriptions, @defer and @stream, operations that do not compile, and variables that do not fit, whose errors
 * graphql-js words.
 */
import { HeaderMap } from '@apollo/server';
import {
  type DocumentNode,
  type ExecutionResult,
  type GraphQLFormattedError,
  type GraphQLSchema,
  visit,
} from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import { type RequestContext } from '../context.js';
import { type OperationHooks } from './operation-hooks.js';
import { type RecursiveInputs, recursiveInputs } from './recursive-inputs.js';

type Compiled = (
  root: undefined,
  context: RequestContext,
  variables: Readonly<Record<string, unknown>>,
) => Promise<ExecutionResult> | ExecutionResult;

const NO_HEADERS = new HeaderMap();
/** Documents whose functions are kept: their code takes more memory than they do. The oldest is compiled anew when it comes again. */
const MOST_COMPILED = 1_000;
const INCREMENTAL = new Set(['defer', 'stream']);

/**
 * @param publicError what a client is told of an error: Apollo formats none of those that a plugin's answer carries
 * @param comesAgain whether a document is known to come again, so that it is compiled at its first time
 */
export function compiledOperations(
  publicError: (error: unknown, context: RequestContext) => GraphQLFormattedError,
  comesAgain: (document: DocumentNode) => boolean = () => false,
): OperationHooks {
  let inputs: RecursiveInputs | undefined;
  const documents = new WeakMap<DocumentNode, Map<string | null, Compiled | null>>();
  const kept = new Set<DocumentNode>();
  const compiledOf = (schema: GraphQLSchema, document: DocumentNode, name: string | null): Compiled | null => {
    const operations = documents.get(document);
    const known = operations?.get(name);
    if (known !== undefined) return known;
    if (operations === undefined) {
      documents.set(document, new Map());
      if (!comesAgain(document)) return null;
    }
    const compiled = compile((inputs ??= recursiveInputs(schema)), document, name);
    documents.get(document)?.set(name, compiled);
    kept.add(document);
    if (kept.size > MOST_COMPILED) {
      const [oldest] = kept;
      kept.delete(oldest!);
      documents.delete(oldest!);
    }
    return compiled;
  };
  return {
    async responseForOperation({ schema, document, operation, operationName, request, contextValue }) {
      // Apollo types it as always there; without a name among several operations there is none.
      if ((operation as typeof operation | undefined)?.operation !== 'query' && operation?.operation !== 'mutation')
        return null;
      const compiled = compiledOf(schema, document, operationName);
      if (compiled === null) return null;
      const { data, errors } = await compiled(undefined, contextValue, request.variables ?? {});
      if (data === undefined) return null;
      const singleResult =
        errors === undefined ? { data } : { errors: errors.map((error) => publicError(error, contextValue)), data };
      return { http: { headers: NO_HEADERS }, body: { kind: 'single', singleResult } };
    },
  };
}

function compile(inputs: RecursiveInputs, document: DocumentNode, name: string | null): Compiled | null {
  const retyped = isIncremental(document) ? null : inputs.retype(document);
  if (retyped === null) return null;
  const compiled = compileQuery(retyped.schema, retyped.document, name ?? undefined);
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
