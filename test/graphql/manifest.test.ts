import { buildSchema } from 'graphql';
import { entryOf, ManifestError, parseManifest } from '../../src/graphql/manifest.js';
import { trustedTable } from '../../src/graphql/trusted-table.js';

const SCHEMA = buildSchema('type Query { item(id: ID!): String }');
const load = (manifest: unknown) => trustedTable(parseManifest(JSON.stringify(manifest)), SCHEMA);

describe('a manifest', () => {
  it('is read in the form of codegen and in that of Apollo', () => {
    const text = 'query Item($id: ID!) { item(id: $id) }';
    const apollo = { format: 'apollo-persisted-query-manifest', version: 1, operations: [{ id: 'x', body: text }] };
    for (const manifest of [{ x: text }, { 'sha256:x': text }, apollo]) {
      const { byHash, byName } = load(manifest);
      expect([...byHash.keys()]).toEqual(['x', entryOf(text).id]);
      expect(byName.get('Item')).toMatchObject({ type: 'query', text });
    }
  });

  it('may hold two versions of an operation: both by hash, the last by name', () => {
    const versions = ['query Item { a: item(id: 1) }', 'query Item { b: item(id: 1) }'];
    const { byHash, byName } = load({ old: versions[0], new: versions[1] });
    expect([byHash.get('old')!.text, byHash.get('new')!.text]).toEqual(versions);
    expect(byName.get('Item')!.text).toBe(versions[1]);
  });

  it.each([
    [[], 'the manifest is not a JSON object'],
    [{ a: 1 }, 'document "a" of the manifest is not text'],
    [{ format: 'apollo-persisted-query-manifest' }, '"apollo-persisted-query-manifest" without operations'],
    [{ format: 'apollo-persisted-query-manifest', operations: [{}] }, 'an operation of the manifest has no id'],
    [{ a: '{' }, 'document "a" of the manifest is not GraphQL: Syntax Error'],
    [{ a: 'fragment F on Query { item(id: 1) }' }, 'document "a" of the manifest has no operation'],
    [{ a: 'query Q { none }' }, 'operation Q (document "a") does not fit the schema: Cannot query field "none"'],
    [{ a: '{ none }' }, 'operation without a name (document "a") does not fit the schema'],
  ])('%j is refused: %s', (manifest, message) => {
    expect(() => load(manifest)).toThrow(message);
    expect(() => load(manifest)).toThrow(ManifestError);
  });

  it('that is no JSON is refused', () => {
    expect(() => parseManifest('{')).toThrow('the manifest is not JSON: ');
  });
});
