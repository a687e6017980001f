/**
 * Refuses an operation before it runs whose lists would be too much work. Its cost: a point a field, more for what the engine
 * computes, times the length of the lists around it. Found once for a document and the lengths that it is asked with.
 */
import {
  type ASTNode,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  separateOperations,
  visit,
} from 'graphql';
import { type ComplexityEstimatorArgs, getComplexity } from 'graphql-query-complexity';
import { ApiError } from '../../resolvers/errors.js';
import { type OperationHooks } from '../graphql/operation-hooks.js';
import { type Spend } from './cost-budget.js';
import { entriesOf, givenList } from './given-list.js';

/** Points beside the usual one: what a field makes the engine do. */
const WEIGHTS: Readonly<Record<string, number>> = {
  recommendations: 20,
  popularItems: 20,
  similar: 20,
  stage: 20,
  history: 5,
  features: 5,
  explanation: 2,
};
/** Without `first` a page has ten. */
const USUAL_FIRST = 10;
const MOST_FIRST = 100;
/** Arguments that say how long a list is. */
const LENGTHS = new Set(['first', 'ids', 'representations', 'input']);
/** Kept of one operation: how many different lengths it was asked with. */
const KNOWN_LENGTHS = 200;

interface Known {
  /** Variables that lengths depend on. */
  readonly names: readonly string[];
  readonly costs: Map<string, number>;
}

/** @param spend told of what is not too costly; it may refuse */
export function operationCost(most: number, spend: Spend = () => undefined): OperationHooks {
  const known = new WeakMap<OperationDefinitionNode, Known>();
  return {
    didResolveOperation({ schema, document, operation, request, contextValue }) {
      if (operation === undefined) return undefined;
      const variables = request.variables ?? {};
      let found = known.get(operation);
      if (found === undefined) known.set(operation, (found = { names: lengthVariables(document), costs: new Map() }));
      const key = found.names.map((name) => lengthOf(variables[name])).join();
      let cost = found.costs.get(key);
      if (cost === undefined) {
        const computed = costOf(schema, document, operation, variables);
        // Variables that do not fit: the execution words that. Others of these lengths may fit.
        if (computed === null) return undefined;
        cost = computed;
        if (found.costs.size >= KNOWN_LENGTHS) found.costs.clear();
        found.costs.set(key, cost);
      }
      if (cost > most) throw new ApiError('TOO_COSTLY', `the operation costs ${cost} points; ${most} are allowed`);
      return spend(contextValue, cost);
    },
  };
}

function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): number | null {
  const query = separateOperations(document)[operation.name?.value ?? '']!;
  try {
    return getComplexity({ schema, query, variables, estimators: [pointsOfField], maxQueryNodes: Infinity });
  } catch {
    return null;
  }
}

function pointsOfField({ field, args, childComplexity }: ComplexityEstimatorArgs): number {
  const { first } = args as { readonly first?: unknown };
  const list = givenList(args);
  const isPage = field.args.some(({ name }) => name === 'first');
  const length =
    list !== undefined
      ? Math.max(1, list.length)
      : isPage
        ? Math.min(MOST_FIRST, Math.max(1, typeof first === 'number' ? first : USUAL_FIRST))
        : 1;
  return 1 + (WEIGHTS[field.name] ?? 0) + length * childComplexity;
}

/** Variables that say how long a list is, or whether a part is asked for at all. */
function lengthVariables(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  const collect = (node: ASTNode): void => void visit(node, { Variable: ({ name }) => void names.add(name.value) });
  visit(document, {
    Argument(node) {
      if (LENGTHS.has(node.name.value)) collect(node);
    },
    Directive: collect,
  });
  return [...names];
}

function lengthOf(value: unknown): string {
  const list = Array.isArray(value) ? value : entriesOf(value);
  return list === undefined ? String(value) : `#${list.length}`;
}
