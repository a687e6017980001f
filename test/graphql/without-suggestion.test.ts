import { buildSchema, graphqlSync, parse, validate } from 'graphql';
import { withoutSuggestion } from '../../src/graphql/without-suggestion.js';

const schema = buildSchema(`
  enum Colour { AMBER AZURE AMPLE ASHEN }
  input Paint { colour: Colour! coats: Int }
  type Can { litres: Int  litre: Int }
  type Query { can(paint: Paint, colour: Colour): Can  cane: Int  cap: Int }
`);
const validated = (document: string): string[] => validate(schema, parse(document)).map(({ message }) => message);
const coerced = (paint: object): string[] =>
  graphqlSync({
    schema,
    source: 'query ($paint: Paint) { can(paint: $paint) { litres } }',
    variableValues: { paint },
  }).errors!.map(({ message }) => message);

it.each([
  ['a field', validated('{ cam { litres } }'), 'Cannot query field "cam" on type "Query".'],
  ['an argument', validated('{ can(colours: AMBER) { litres } }'), 'Unknown argument "colours" on field "Query.can".'],
  ['a type', validated('query ($a: Paints) { can { litres } }'), 'Unknown type "Paints".'],
  ['an enum value', validated('{ can(colour: AMPER) { litres } }'), 'Value "AMPER" does not exist in "Colour" enum.'],
  [
    'an input field',
    validated('{ can(paint: { colour: AMBER, coat: 1 }) { litres } }'),
    'Field "coat" is not defined by type "Paint".',
  ],
  ['a selection', validated('{ can }'), 'Field "can" of type "Can" must have a selection of subfields.'],
  [
    'a variable’s field',
    coerced({ colour: 'AMBER', coat: 1 }),
    'Variable "$paint" got invalid value { colour: "AMBER", coat: 1 }; Field "coat" is not defined by type "Paint".',
  ],
  [
    'a variable’s enum value',
    coerced({ colour: 'A"MBER' }),
    /^Variable "\$paint" got invalid value ".+" at "paint.colour"; Value ".+" does not exist in "Colour" enum.$/,
  ],
])('takes the guess off an error over %s', (_what, messages, told) => {
  const code = 'GRAPHQL_VALIDATION_FAILED';
  expect(messages.join()).toContain('Did you mean');
  for (const message of messages.filter((one) => one.includes('Did you mean'))) {
    expect(withoutSuggestion({ message, extensions: { code } }).message).toMatch(told);
  }
});

it('leaves errors with codes of our own alone, and text that is not at the end', () => {
  const ours = { message: 'no scenario "a". Did you mean "b"?', extensions: { code: 'UNKNOWN_SCENARIO' } };
  expect(withoutSuggestion(ours)).toBe(ours);
  const within = 'Value " Did you mean "x"?" is not text.';
  expect(withoutSuggestion({ message: within, extensions: { code: 'BAD_USER_INPUT' } }).message).toBe(within);
});
