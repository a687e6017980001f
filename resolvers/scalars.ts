/** Scalars of the schema. Times that can't be read become `BAD_TIME_VALUE`, so that a mutation can refuse one entry and keep the rest. */
import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped, type ValueNode } from 'graphql';
import { GraphQLJSONObject } from 'graphql-scalars';

/** What a text that is no time is read as; checked where the time is used. */
export const BAD_TIME_VALUE = NaN;

const ISO_8601 = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2}))?$/;

/** Milliseconds inside, ISO 8601 outside. */
export const DateTime = new GraphQLScalarType<number, string>({
  name: 'DateTime',
  description: 'A time in ISO 8601 with Z or an offset, such as 2026-01-05T12:00:00Z; a date alone is midnight UTC.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: (value) => new Date(value as number).toISOString(),
  parseValue: parseTime,
  parseLiteral: (node) => (node.kind === Kind.STRING ? parseTime(node.value) : BAD_TIME_VALUE),
});

/** Beyond it a time has five digits for the year, which the scalar itself would not read. */
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

function parseTime(value: unknown): number {
  if (typeof value !== 'string' || !ISO_8601.test(value)) return BAD_TIME_VALUE;
  // Date.parse takes 30 February for 2 March: only a day that is in the calendar comes back as it was.
  const day = value.slice(0, 'YYYY-MM-DD'.length);
  const midnight = Date.parse(day);
  if (Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(day)) return BAD_TIME_VALUE;
  const at = Date.parse(value);
  return at <= LAST ? at : BAD_TIME_VALUE;
}

export const AttributeValue = new GraphQLScalarType<string | number | boolean, string | number | boolean>({
  name: 'AttributeValue',
  description: 'A value to compare a catalogue attribute with: text, a number or a boolean.',
  serialize: attributeValue,
  parseValue: attributeValue,
  parseLiteral: (node: ValueNode, variables) => attributeValue(valueFromASTUntyped(node, variables)),
});

function attributeValue(value: unknown): string | number | boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) return value as string;
  throw new GraphQLError('an attribute is compared with text, a number or a boolean', {
    extensions: { code: 'BAD_USER_INPUT' },
  });
}

export const JSONObject = GraphQLJSONObject;
