/** The fields that an operation selects, fragments included, as Type.field: found once for each operation. */
import {
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  separateOperations,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

const known = new WeakMap<OperationDefinitionNode, ReadonlySet<string>>();

/** @param document a valid one, which holds the operation */
export function selectedFields(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): ReadonlySet<string> {
  const found = known.get(operation);
  if (found !== undefined) return found;
  const fields = new Set<string>();
  const types = new TypeInfo(schema);
  visit(
    separateOperations(document)[operation.name?.value ?? '']!,
    visitWithTypeInfo(types, {
      Field: ({ name }) => void fields.add(`${types.getParentType()?.name}.${name.value}`),
    }),
  );
  known.set(operation, fields);
  return fields;
}
