/** Which fields caches between may share. */
import { getNamedType, isObjectType } from 'graphql';
import { buildGraphQLSchema } from '../../resolvers/index.js';
import { PUBLIC_FIELDS } from '../../src/graphql/public-fields.js';
import { AUTHORISATION } from '../../src/identity/authorisation.js';

const ROOTS = ['Query.item', 'Query.items', 'Query.popularItems'];

it('are those below items and popular items that no debugger alone may select, and no others', () => {
  const schema = buildGraphQLSchema();
  const reached = new Set<string>();
  const reach = (field: string): void => {
    if (reached.has(field) || (AUTHORISATION[field] !== undefined && !ROOTS.includes(field))) return;
    reached.add(field);
    const [typeName, name] = field.split('.') as [string, string];
    const parent = schema.getType(typeName);
    const type = isObjectType(parent) ? getNamedType(parent.getFields()[name]!.type) : undefined;
    if (isObjectType(type)) for (const below in type.getFields()) reach(`${type.name}.${below}`);
  };
  ROOTS.forEach(reach);
  expect([...PUBLIC_FIELDS].sort()).toEqual([...reached].sort());
});
