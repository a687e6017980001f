/**
 * Variables of an operation from the address of a GET: `variables` as a JSON object, or each by its name, such as `first=10`. The
 * text of one is read as its type says; a text that is none of the type stays as it is, and GraphQL says what is wrong with it.
 */
import { type FastifyRequest } from 'fastify';
import { type GraphQLSchema, isInputObjectType, Kind, type TypeNode } from 'graphql';
import { ApiError } from '../../resolvers/errors.js';
import { type TrustedOperation } from '../graphql/trusted-table.js';
import { isRecord } from './graphql-route.js';

/** A number of JSON. */
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i;

type Read = (text: string) => unknown;

/** @throws ApiError BAD_USER_INPUT where a name is no variable, or one is given twice */
export function variablesInAddress(
  { query }: Pick<FastifyRequest, 'query'>,
  operation: TrustedOperation,
  schema: GraphQLSchema,
): Record<string, unknown> {
  const { variables: together, ...single } = query as Record<string, string | string[]>;
  const given = together === undefined ? {} : parsed(together);
  const read = Object.entries(single).map(([name, value]): [string, unknown] => {
    const definition = operation.variables.find(({ variable }) => variable.name.value === name);
    if (definition === undefined) throw refusal(`operation ${operation.name} has no variable "${name}"`);
    if (Object.hasOwn(given, name)) throw refusal(`"${name}" comes by itself and in "variables"`);
    return [name, valueOf(value, definition.type, schema)];
  });
  return { ...given, ...Object.fromEntries(read) };
}

function parsed(together: string | string[]): Record<string, unknown> {
  const value = typeof together === 'string' ? asJson(together) : together;
  if (!isRecord(value)) throw refusal('"variables" is not one JSON object');
  return value;
}

/** A list is a name given once or several times. */
function valueOf(value: string | string[], type: TypeNode, schema: GraphQLSchema): unknown {
  if (type.kind === Kind.NON_NULL_TYPE) return valueOf(value, type.type, schema);
  if (type.kind === Kind.LIST_TYPE) return [value].flat().map((text) => valueOf(text, type.type, schema));
  // Given several times it is no value of such a type, which GraphQL says.
  return typeof value === 'string' ? readerOf(type.name.value, schema)(value) : value;
}

function readerOf(typeName: string, schema: GraphQLSchema): Read {
  if (typeName === 'Int' || typeName === 'Float') return (text) => (NUMBER.test(text) ? Number(text) : text);
  if (typeName === 'Boolean') return (text) => (text === 'true' ? true : text === 'false' ? false : text);
  const isObject = typeName === 'JSONObject' || isInputObjectType(schema.getType(typeName));
  return isObject ? asJson : (text) => text;
}

/** The value, or the text where it is no JSON. */
function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const refusal = (message: string): ApiError => new ApiError('BAD_USER_INPUT', message);
