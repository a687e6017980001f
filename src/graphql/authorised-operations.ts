/**
 * Refuses an operation that selects a field which its caller may not select, before any of it runs. What an operation selects is
 * found once; afterwards a request costs two look-ups.
 */
import { type ApolloServerPlugin, type GraphQLRequestListener } from '@apollo/server';
import {
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  separateOperations,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { ApiError } from '../../resolvers/errors.js';
import { type RequestContext } from '../context.js';
import { AUTHORISATION, INTROSPECTION } from '../identity/authorisation.js';
import { type Caller, hasAny, type Role } from '../identity/caller.js';

interface Restricted {
  /** Type.field */
  readonly field: string;
  readonly roles: readonly Role[];
}

/** @param introspection who may ask for the schema: everybody who may ask anything, or only some roles */
export function authorisedOperations(introspection: 'on' | 'roles'): ApolloServerPlugin<RequestContext> {
  const restricted = new WeakMap<OperationDefinitionNode, readonly Restricted[]>();
  const refusals = new WeakMap<OperationDefinitionNode, Map<string, string | null>>();
  const refusalOf = (
    operation: OperationDefinitionNode,
    caller: Caller,
    find: () => readonly Restricted[],
  ): string | null => {
    let known = refusals.get(operation);
    if (known === undefined) refusals.set(operation, (known = new Map()));
    const refusal = known.get(caller.rights);
    if (refusal !== undefined) return refusal;
    let fields = restricted.get(operation);
    if (fields === undefined) restricted.set(operation, (fields = find()));
    const text = describe(fields.filter(({ roles }) => !hasAny(caller, roles)));
    known.set(caller.rights, text);
    return text;
  };
  const listener: GraphQLRequestListener<RequestContext> = {
    async didResolveOperation({ schema, document, operation, contextValue: { caller } }) {
      // Without a name among several operations there is none, and the answer says so.
      if (operation === undefined) return;
      const find = (): readonly Restricted[] =>
        restrictedFields(schema, document, operation.name?.value ?? '', introspection);
      const refusal = refusalOf(operation, caller, find);
      if (refusal !== null) throw new ApiError('FORBIDDEN', refusal);
    },
  };
  return { requestDidStart: () => Promise.resolve(listener) };
}

/** The fields of the operation, fragments included, that are for some roles only. */
function restrictedFields(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string,
  introspection: 'on' | 'roles',
): readonly Restricted[] {
  const found = new Map<string, Restricted>();
  const types = new TypeInfo(schema);
  const alone = separateOperations(document)[operationName]!;
  visit(
    alone,
    visitWithTypeInfo(types, {
      Field({ name: { value: name } }) {
        const isIntrospection = name === '__schema' || name === '__type';
        const field = `${types.getParentType()?.name}.${name}`;
        const roles = isIntrospection && introspection === 'roles' ? INTROSPECTION : AUTHORISATION[field];
        if (roles !== undefined) found.set(field, { field, roles });
      },
    }),
  );
  return [...found.values()];
}

function describe(fields: readonly Restricted[]): string | null {
  if (fields.length === 0) return null;
  return fields.map(({ field, roles }) => `${field} needs the role ${roles.join(' or ')}`).join('; ');
}
