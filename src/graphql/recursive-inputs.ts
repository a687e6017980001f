/**
 * Lets graphql-jit compile operations with variables of input types that contain themselves, such as ItemFilter: it writes code for
 * each field of a variable's type and does not end over such a type (0.8.9). In a schema of its own each of them stands as a
 * scalar that coerces as graphql-js does; the operation's variables are retyped to it.
 */
import {
  coerceInputValue,
  type DocumentNode,
  getNamedType,
  type GraphQLInputObjectType,
  type GraphQLNamedType,
  GraphQLScalarType,
  GraphQLSchema,
  isInputObjectType,
  Kind,
  type TypeNode,
  visit,
} from 'graphql';

export interface RecursiveInputs {
  /** What to compile instead of the document; null where that is not possible. */
  retype(document: DocumentNode): { readonly schema: GraphQLSchema; readonly document: DocumentNode } | null;
}

export function recursiveInputs(schema: GraphQLSchema): RecursiveInputs {
  const recursive = Object.values(schema.getTypeMap()).filter(
    (type): type is GraphQLInputObjectType => isInputObjectType(type) && leadsBack(type, []),
  );
  const scalarOf = new Map(recursive.map((type) => [type.name, coercing(type)]));
  const { types, ...config } = schema.toConfig();
  const withScalars = new GraphQLSchema({ ...config, types: [...types, ...scalarOf.values()], assumeValid: true });
  return {
    retype(document) {
      let retypes = false;
      let introspects = false;
      let hasDefault = false;
      const retyped = visit(document, {
        Field({ name }) {
          if (name.value === '__schema' || name.value === '__type') introspects = true;
        },
        VariableDefinition(node) {
          const scalar = scalarOf.get(nameOf(node.type));
          if (scalar === undefined) return undefined;
          retypes = true;
          // It is written in GraphQL, which only the type itself can read.
          if (node.defaultValue !== undefined) hasDefault = true;
          return { ...node, type: renamed(node.type, scalar.name) };
        },
      });
      if (!retypes) return { schema, document };
      // Nobody must see the scalars.
      return hasDefault || introspects ? null : { schema: withScalars, document: retyped };
    },
  };
}

/** Throws where the value does not fit; the operation is then left to graphql-js, which words the error. */
function coercing(type: GraphQLInputObjectType): GraphQLScalarType {
  return new GraphQLScalarType({
    name: `${type.name}AsVariable`,
    parseValue: (value) => coerceInputValue(value, type),
  });
}

/** Whether a type of the path from the type down is met again below itself. */
function leadsBack(type: GraphQLNamedType, above: readonly GraphQLNamedType[]): boolean {
  if (!isInputObjectType(type)) return false;
  if (above.includes(type)) return true;
  return Object.values(type.getFields()).some((field) => leadsBack(getNamedType(field.type), [...above, type]));
}

function nameOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type);
}

function renamed<Node extends TypeNode>(type: Node, name: string): Node {
  if (type.kind === Kind.NAMED_TYPE) return { ...type, name: { kind: Kind.NAME, value: name } };
  return { ...type, type: renamed(type.type, name) };
}
