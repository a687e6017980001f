import { encodeManifest, type Manifest, parseManifest } from '../../src/artifacts/manifest.js';
import { parseSealed, seal, unseal } from '../../src/artifacts/sealed-json.js';

const { format, version, ...CONTENT }: Manifest = {
  format: 'recograph-snapshot',
  version: 1,
  id: '20171014T060000000Z-0a1b2c3d',
  tenant: 'main',
  createdAt: 1_507_960_800_000,
  dataFrom: 0,
  dataUntil: 1_507_960_800_000,
  parameters: { z: 1, a: { 2: [null, true], 1: 'é\u2028' }, ['__proto__']: 1e-7 },
  metrics: { hr: 0.0625, ndcg: 1e21 },
  gate: { accepted: false, reason: 'not better' },
  files: [{ name: 'a.bin', bytes: 0, sha256: '0'.repeat(64) }],
};

/** Sealed all right, with content that our build would not write. */
const foreign = (changes: object): string => seal({ format, version, ...CONTENT, ...changes });

it('a manifest is read back as it was written', () => {
  expect(parseManifest(encodeManifest(CONTENT))).toEqual({ format, version, ...CONTENT });
});

it('a manifest is text that a person reads, with its own checksum as the last field', () => {
  const lines = encodeManifest(CONTENT).split('\n');
  expect(lines[1]).toBe('  "format": "recograph-snapshot",');
  expect(lines.at(-3)).toMatch(/^ {2}"sha256": "[0-9a-f]{64}"$/);
});

it('a manifest with any character of its content changed is refused', () => {
  const text = encodeManifest(CONTENT);
  for (let at = 0; at < text.length; at += 3) {
    if (/\s/.test(text[at]!)) continue;
    const changed = `${text.slice(0, at)}${text[at] === '7' ? '8' : '7'}${text.slice(at + 1)}`;
    expect(() => parseManifest(changed)).toThrow(expect.objectContaining({ name: 'SnapshotError' }));
  }
});

it.each([
  ['id', '../x', 'a snapshot id'],
  ['tenant', '', 'the name of a tenant'],
  ['createdAt', 0.5, 'a time in milliseconds'],
  ['dataFrom', '2017', 'a time in milliseconds'],
  ['dataUntil', null, 'a time in milliseconds'],
  ['parameters', [], 'an object'],
  ['metrics', { hr: 'high' }, 'finite numbers by name'],
  ['gate', { accepted: 1, reason: '' }, '{ accepted: boolean, reason: string }'],
  ['files', {}, 'a list'],
])('a manifest whose %s is %j is refused: expected %s', (field, value, expected) => {
  const message = `manifest.json is not valid: "${field}" is ${JSON.stringify(value)}, expected ${expected}`;
  expect(() => parseManifest(foreign({ [field]: value }))).toThrow(message);
  expect(() => encodeManifest({ ...CONTENT, [field]: value })).toThrow("a manifest that can't be read back");
});

it.each([
  [{ name: 'x/y' }, '"x/y" can\'t be the name of a file'],
  [{ name: '.hidden' }, '".hidden" can\'t be the name of a file'],
  [{ name: 'manifest.json' }, '"manifest.json" can\'t be the name of a file'],
  [{ bytes: -1 }, 'file "a.bin" has no size'],
  [{ sha256: 'A'.repeat(64) }, 'file "a.bin" has no SHA-256'],
])('a manifest with the file %j is refused', (change, message) => {
  expect(() => parseManifest(foreign({ files: [{ ...CONTENT.files[0], ...change }] }))).toThrow(message);
});

it('a manifest that names a file twice, or ends before it begins, is refused', () => {
  const [file] = CONTENT.files;
  expect(() => parseManifest(foreign({ files: [file, file] }))).toThrow('file "a.bin" is named twice');
  expect(() => parseManifest(foreign({ dataFrom: CONTENT.dataUntil + 1 }))).toThrow('"dataFrom" is after "dataUntil"');
});

it('another version or format is foreign, whatever else it holds', () => {
  for (const text of ['{"format":"recograph-snapshot","version":2}', '{"a":1}', foreign({ format: 'x' })]) {
    expect(() => parseManifest(text)).toThrow(expect.objectContaining({ code: 'SNAPSHOT_FOREIGN' }));
  }
});

it('what is no sealed object is named as what it is', () => {
  expect(() => parseSealed('{')).toThrow('is not JSON');
  expect(() => parseSealed('[]')).toThrow('is not an object');
  expect(() => unseal({ a: 1 })).toThrow('its own checksum does not match');
});
