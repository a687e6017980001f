/**
 * Which items a client wants: conditions on catalogue attributes and ids, combined by and, or, not. Checked against the
 * declared attributes and made into one predicate before any candidate is looked at.
 */
import { type JsonValue } from '../events/event.js';
import { comparedType } from '../events/attribute-type.js';
import { type Items } from '../state/items.js';
import { QueryError } from './query-error.js';

export type AttributeScalar = string | number | boolean;

/** Exactly one of eq, in, gte / lte, exists. An item without the attribute meets only `exists: false`. */
export interface AttributeFilter {
  readonly name: string;
  readonly eq?: AttributeScalar | undefined;
  readonly in?: readonly AttributeScalar[] | undefined;
  readonly gte?: AttributeScalar | undefined;
  readonly lte?: AttributeScalar | undefined;
  readonly exists?: boolean | undefined;
}

/** All parts that are given must hold; of `or`, one alternative. */
export interface ItemFilter {
  readonly attributes?: readonly AttributeFilter[] | undefined;
  readonly excludeItems?: readonly string[] | undefined;
  /** Top level only: items that the user has read stay in. */
  readonly includeSeen?: boolean | undefined;
  readonly and?: readonly ItemFilter[] | undefined;
  readonly or?: readonly ItemFilter[] | undefined;
  readonly not?: ItemFilter | undefined;
}

export type ItemPredicate = (item: number) => boolean;

const DEPTH = 8;
/** Conditions of a filter, and ids and values that it names: each costs every candidate, or a look-up. */
const CONDITIONS = 200;
const VALUES = 2_000;

/**
 * The filter as a predicate over item indexes; null where it keeps everything.
 * @throws QueryError UNKNOWN_ITEM, UNKNOWN_ATTRIBUTE, WRONG_TYPE or BAD_FILTER
 */
export function compileFilter(filter: ItemFilter, items: Items, depth = 0): ItemPredicate | null {
  if (depth > DEPTH) throw new QueryError('BAD_FILTER', `a filter may be nested ${DEPTH} deep`);
  if (depth === 0) demandSize(filter);
  if (depth > 0 && filter.includeSeen !== undefined) {
    throw new QueryError('BAD_FILTER', 'includeSeen stands at the top of a filter, not within and, or, not');
  }
  const nested = (inner: ItemFilter): ItemPredicate => compileFilter(inner, items, depth + 1) ?? (() => true);
  const parts: ItemPredicate[] = (filter.attributes ?? []).map((condition) => compileCondition(condition, items));
  if (filter.excludeItems?.length) {
    const excluded = new Set(filter.excludeItems.map((id) => knownItem(id, items)));
    parts.push((item) => !excluded.has(item));
  }
  parts.push(...(filter.and ?? []).map(nested));
  if (filter.or?.length) {
    const alternatives = filter.or.map(nested);
    parts.push((item) => alternatives.some((holds) => holds(item)));
  }
  if (filter.not !== undefined) {
    const negated = nested(filter.not);
    parts.push((item) => !negated(item));
  }
  return parts.length === 0 ? null : (item) => parts.every((holds) => holds(item));
}

/** @throws QueryError BAD_FILTER where the filter is more work than a list should be */
function demandSize(filter: ItemFilter): void {
  let conditions = 0;
  let values = 0;
  // As deep as the filter goes before its depth is checked: not by recursion.
  const waiting: ItemFilter[] = [filter];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { attributes = [], excludeItems = [], and = [], or = [], not } = next;
    conditions += 1 + attributes.length;
    values += excludeItems.length;
    for (const { in: wanted } of attributes) values += wanted?.length ?? 0;
    if (conditions > CONDITIONS) throw new QueryError('BAD_FILTER', `a filter may have ${CONDITIONS} conditions`);
    if (values > VALUES) throw new QueryError('BAD_FILTER', `a filter may name ${VALUES} items and values`);
    waiting.push(...and, ...or);
    if (not !== undefined) waiting.push(not);
  }
}

function knownItem(id: string, items: Items): number {
  const item = items.find(id);
  if (item === -1) throw new QueryError('UNKNOWN_ITEM', `excludeItems: there is no item "${id}"`);
  return item;
}

function compileCondition(condition: AttributeFilter, items: Items): ItemPredicate {
  const { name } = condition;
  const declared = items.declaredType(name);
  if (declared === null) {
    const names = [...items.declaredTypes.keys()].sort().join(', ') || 'none';
    throw new QueryError('UNKNOWN_ATTRIBUTE', `no item has an attribute "${name}"; declared are: ${names}`);
  }
  const holds = comparison(condition, comparedType(declared), declared);
  return (item) => {
    const value = items.attributesOf(item)[name];
    if (condition.exists !== undefined) return (value !== undefined) === condition.exists;
    return Array.isArray(value) ? value.some(holds) : value !== undefined && holds(value as JsonValue);
  };
}

function comparison(condition: AttributeFilter, type: string | null, declared: string): (value: JsonValue) => boolean {
  const { name, eq, gte, lte, exists } = condition;
  const kinds = [
    eq !== undefined,
    condition.in !== undefined,
    gte !== undefined || lte !== undefined,
    exists !== undefined,
  ];
  if (kinds.filter(Boolean).length !== 1) {
    throw new QueryError('BAD_FILTER', `attribute "${name}": give exactly one of eq, in, gte / lte, exists`);
  }
  if (exists !== undefined) return () => true;
  for (const value of [eq, gte, lte, ...(condition.in ?? [])]) {
    if (value !== undefined && typeof value !== type) {
      throw new QueryError(
        'WRONG_TYPE',
        `attribute "${name}" is ${declared}; ${JSON.stringify(value)} can't be compared with it`,
      );
    }
  }
  if (type === 'boolean' && (gte !== undefined || lte !== undefined)) {
    throw new QueryError('WRONG_TYPE', `attribute "${name}" is ${declared}: gte and lte compare numbers and strings`);
  }
  if (eq !== undefined) return (value) => value === eq;
  if (condition.in !== undefined) {
    const wanted = new Set<JsonValue>(condition.in);
    return (value) => wanted.has(value);
  }
  return (value) => (gte === undefined || value! >= gte) && (lte === undefined || value! <= lte);
}
