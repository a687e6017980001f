/** How the text of a parameter is read, by the type of its variable. */
import { buildSchema } from 'graphql';
import { entryOf } from '../../src/graphql/manifest.js';
import { trustedTable } from '../../src/graphql/trusted-table.js';
import { variablesInAddress } from '../../src/http/variables-in-address.js';

const schema = buildSchema(`
  scalar JSONObject
  scalar DateTime
  enum Kind { NEW OLD }
  input Where { region: String }
  type Query { all(i: Int, f: Float!, b: Boolean, d: ID, s: String, k: Kind, t: DateTime, o: JSONObject, w: Where, n: [[Int!]!]): Int }
`);
const text =
  'query All($i: Int, $f: Float!, $b: Boolean, $d: ID, $s: String, $k: Kind, $t: DateTime, $o: JSONObject, $w: Where, $n: [[Int!]!]) { all(i: $i, f: $f, b: $b, d: $d, s: $s, k: $k, t: $t, o: $o, w: $w, n: $n) }';
const operation = trustedTable([entryOf(text)], schema).byName.get('All')!;
const read = (query: object): object => variablesInAddress({ query }, operation, schema);

it('reads numbers, booleans, input objects and JSON, and leaves all else as text', () => {
  expect(read({ i: '-3', f: '1.5e3', b: 'true' })).toEqual({ i: -3, f: 1_500, b: true });
  const texts = { d: '07', s: '1', k: 'NEW', t: '2026-01-05' };
  expect(read({ ...texts, o: '{"a":1}' })).toEqual({ ...texts, o: { a: 1 } });
  expect(read({ w: '{"region":"north"}', n: ['1', '2'] })).toEqual({ w: { region: 'north' }, n: [[1], [2]] });
});

it('leaves what is none of the type as it is, for GraphQL to refuse', () => {
  for (const bad of [
    { i: '1,5' },
    { i: ' 1' },
    { i: 'NaN' },
    { f: 'Infinity' },
    { f: '01' },
    { b: '1' },
    { w: 'north' },
  ])
    expect(read(bad)).toEqual(bad);
  expect(read({ d: ['1', '2'] })).toEqual({ d: ['1', '2'] });
});

it('puts together what comes in "variables" and by itself, null from the former alone', () => {
  expect(read({ variables: '{"i":null,"other":1}', f: '2', s: 'null' })).toEqual({
    i: null,
    other: 1,
    f: 2,
    s: 'null',
  });
});
