/**
 * `_entities` of a federation gateway: each reference becomes the item or the user of its id, whose fields then read through the
 * loaders of the operation, so that any number of references makes one read. A reference that is wrong fails alone.
 */
import { type RequestContext } from '../../src/context.js';
import { demand, idProblem, LIMITS } from '../checks.js';
import { ApiError } from '../errors.js';
import { findItem } from '../item/item.resolver.js';
import { Item } from '../item/item.type.js';
import { User } from '../user/user.type.js';

const ENTITIES: Readonly<Record<string, (id: string, ctx: RequestContext) => Item | User | null>> = {
  Item: (id, { gateway }) => findItem(id, gateway),
  User(id) {
    demand(idProblem('id', id));
    return new User(id);
  },
};

export const entities = {
  Query: {
    /** Null for an item that is unknown. @throws TOO_MANY_IDS */
    _entities(
      _root: unknown,
      { representations }: { readonly representations: readonly unknown[] },
      ctx: RequestContext,
    ): (Item | User | Error | null)[] {
      if (representations.length > LIMITS.itemIds) {
        throw new ApiError(
          'TOO_MANY_IDS',
          `${representations.length} representations; _entities takes at most ${LIMITS.itemIds}`,
        );
      }
      return representations.map((representation) => {
        try {
          return entityOf(representation, ctx);
        } catch (error) {
          return error as Error;
        }
      });
    },
  },
  _Entity: {
    __resolveType: (entity: Item | User): string => (entity instanceof Item ? 'Item' : 'User'),
  },
};

/** @throws BAD_REFERENCE, BAD_ID */
function entityOf(representation: unknown, ctx: RequestContext): Item | User | null {
  const { __typename: type, id } = (representation ?? {}) as { readonly __typename?: unknown; readonly id?: unknown };
  const find = typeof type === 'string' && Object.hasOwn(ENTITIES, type) ? ENTITIES[type] : undefined;
  if (find === undefined || typeof id !== 'string') {
    throw new ApiError('BAD_REFERENCE', 'a representation is {__typename, id}, and __typename is Item or User');
  }
  return find(id, ctx);
}
