/**
 * Refuses an operation that selects a field which its caller may not select, before any of it runs. What an operation selects is
 * found once; afterwards a request costs two look-ups.
 */
import { type OperationDefinitionNode } from 'graphql';
import { ApiError } from '../../resolvers/errors.js';
import { AUTHORISATION, INTROSPECTION } from '../identity/authorisation.js';
import { type Caller, hasAny, type Role } from '../identity/caller.js';
import { type OperationHooks } from './operation-hooks.js';
import { selectedFields } from './selected-fields.js';

/** @param introspection who may ask for the schema: everybody who may ask anything, or only some roles */
export function authorisedOperations(introspection: 'on' | 'roles'): OperationHooks {
  const forSome: Readonly<Record<string, readonly Role[]>> =
    introspection === 'on'
      ? AUTHORISATION
      : { ...AUTHORISATION, 'Query.__schema': INTROSPECTION, 'Query.__type': INTROSPECTION };
  /** By the rights of callers: why they are refused; null where they are not. */
  const refusals = new WeakMap<OperationDefinitionNode, Map<string, string | null>>();
  return {
    didResolveOperation({ schema, document, operation, contextValue: { caller } }) {
      // Without a name among several operations there is none, and the answer says so.
      if (operation === undefined) return;
      let known = refusals.get(operation);
      if (known === undefined) refusals.set(operation, (known = new Map()));
      let refusal = known.get(caller.rights);
      if (refusal === undefined) {
        refusal = refusalOf(selectedFields(schema, document, operation), forSome, caller);
        known.set(caller.rights, refusal);
      }
      if (refusal !== null) throw new ApiError('FORBIDDEN', refusal);
    },
  };
}

function refusalOf(
  fields: ReadonlySet<string>,
  forSome: Readonly<Record<string, readonly Role[]>>,
  caller: Caller,
): string | null {
  const missing = [...fields].flatMap((field) => {
    const roles = forSome[field];
    return roles === undefined || hasAny(caller, roles) ? [] : `${field} needs the role ${roles.join(' or ')}`;
  });
  return missing.length === 0 ? null : missing.join('; ');
}
