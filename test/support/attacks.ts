/**
 * What a hostile client does to a gateway, one function an attack, and what each may be answered. Every document is new to the
 * server: what it has seen before costs it nothing.
 */
import { createHash, randomUUID } from 'node:crypto';
import { exchange, type ExchangeOptions } from './exchange.js';

export interface Target {
  readonly url: string;
  /** A key of the role client that the attacker may use. */
  readonly key: string;
}

export interface Attack {
  /** Outcomes that are in order, as `exchange` words them. */
  readonly expected: readonly string[];
  /** Resolves to the outcome of each of its requests. */
  run(target: Target): Promise<readonly string[]>;
}

type Body = string | Buffer;

const MEGABYTE = 1_000_000;
const times = (count: number, text: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => text(at)).join(' ');
/** An operation that no one has sent before. */
const operation = (query: string, more: object = {}): string =>
  JSON.stringify({ query: `${query} # ${randomUUID()}`, ...more });
const deep = (levels: number): string =>
  `{ item(id: "i1") ${'{ similar(first: 1) { nodes { item '.repeat(levels)}{ id }${' } } }'.repeat(levels)} }`;
const lists = (lengths: readonly number[]): string =>
  `{ popularItems(first: 100) { nodes { item ${lengths.map((first) => `{ similar(first: ${first}) { nodes { item`).join(' ')} { id } ${'} } }'.repeat(lengths.length)} } } }`;
const circle = (levels: number): string =>
  `{ __schema { types ${'{ fields { type '.repeat(levels)}{ name }${' } }'.repeat(levels)} } }`;

// Made once: whoever attacks for real doesn't make them anew either.
const DEEPEST = deep(10_000);
const WIDE = times(1_900, (at) => `field${at}`);
const WIDEST = times(100_000, (at) => `field${at}`);
const LONG_TEXT = 'x'.repeat(MEGABYTE);
const LONG_BLOCK = ' x\n'.repeat(MEGABYTE / 4);
const BATCH = `[${times(1_000, () => '{"query":"{ __typename }"},')}{}]`;
const NESTED = `{"variables":${'['.repeat(MEGABYTE - 100)}${']'.repeat(MEGABYTE - 100)}}`;
const CROWDED = `{"variables":[${times(200_000, () => '{},')}{"__proto__x":1}]}`;
const UNENDED = `${'{"a":'.repeat(100_000)}1`;
const TOO_LARGE = Buffer.alloc(8 * MEGABYTE, 'x');
const CHUNK = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(0x1_00_00, ' '), Buffer.from('\r\n')]);

const head = (length: number | null, { key }: { readonly key: string | null }): string =>
  [
    'POST /graphql HTTP/1.1',
    'host: gateway',
    'content-type: application/json',
    'connection: close',
    ...(key === null ? [] : [`x-api-key: ${key}`]),
    length === null ? 'transfer-encoding: chunked' : `content-length: ${length}`,
    '\r\n',
  ].join('\r\n');

const post = ({ url, key }: { readonly url: string; readonly key: string | null }, body: Body): Promise<string> =>
  exchange(url, [head(Buffer.byteLength(body), { key }), body]);

/** An attack whose requests are one body each. */
const bodies = (expected: readonly string[], ...make: readonly (() => Body)[]): Attack => ({
  expected,
  run: (target) => Promise.all(make.map((body) => post(target, body()))),
});

/** The same exchange over many sockets at once. */
const crowd = (
  count: number,
  expected: readonly string[],
  pieces: (target: Target, at: number) => readonly Body[],
  options: ExchangeOptions,
): Attack => ({
  expected,
  run: (target) =>
    Promise.all(Array.from({ length: count }, (_, at) => exchange(target.url, pieces(target, at), options))),
});

const hashed = (query: string, hash: string): string =>
  JSON.stringify({ query, extensions: { persistedQuery: { version: 1, sha256Hash: hash } } });

export const ATTACKS: Readonly<Record<string, Attack>> = {
  'deep documents': bodies(
    ['400 TOO_DEEP', '400 DOCUMENT_TOO_LONG'],
    () => operation(deep(20)),
    () => operation(deep(120)),
    () => operation(DEEPEST),
  ),
  'wide documents': bodies(
    ['200 GRAPHQL_VALIDATION_FAILED', '400 DOCUMENT_TOO_LONG'],
    () => operation(`{ ${WIDE} }`),
    () => operation(`{ item(id: "i1") { ${times(1_900, () => 'id')} } }`),
    () => operation(`{ ${WIDEST} }`),
  ),
  '1,000 aliases': bodies(
    ['400 TOO_MANY_ALIASES', '400 TOO_MANY_TOKENS'],
    () => operation(`{ ${times(1_000, (at) => `a${at}: __typename`)} }`),
    () => operation(`{ ${times(600, (at) => `a${at}: __typename`)} }`),
  ),
  batches: bodies(['400 BATCH_TOO_LARGE'], () => BATCH),
  'documents of one long token': bodies(
    ['400 DOCUMENT_TOO_LONG', 'closed'],
    () => operation(`{ item(id: "${LONG_TEXT}") { id } }`),
    () => operation(`{ item(id: """${LONG_BLOCK}""") { id } }`),
  ),
  'bodies just below the limit': bodies(
    ['400 BAD_REQUEST', '400 BAD_JSON', 'closed'],
    () => NESTED,
    () => CROWDED,
  ),
  'bodies beyond the limit': {
    expected: ['413 BODY_TOO_LARGE', 'closed'],
    run: (target) =>
      Promise.all([
        post(target, TOO_LARGE),
        exchange(target.url, [head(null, target), ...Array.from({ length: 100 }, () => CHUNK), '0\r\n\r\n']),
      ]),
  },
  'malformed JSON': bodies(
    ['400 BAD_JSON'],
    () => '{"query":',
    () => UNENDED,
    () => Buffer.from([0, 1, 2, 3]),
  ),
  'invalid UTF-8': bodies(['400 BAD_JSON'], () =>
    Buffer.concat([Buffer.from('{"query":"{ item(id: 1) { \xff\xfe } }"}', 'latin1')]),
  ),
  'costly lists': bodies(
    ['400 TOO_COSTLY', '400 TOO_DEEP', '429 RATE_LIMITED', '200 RATE_LIMITED'],
    () => operation(lists([100, 100])),
    () => operation(lists([100, 100, 100, 100])),
  ),
  'lists as costly as allowed': bodies(['200', '429 RATE_LIMITED', '200 RATE_LIMITED', '504 OPERATION_TIMEOUT'], () =>
    operation(lists([100])),
  ),
  'introspection circles': bodies(['200 GRAPHQL_VALIDATION_FAILED'], () => operation(circle(10))),
  'random registrations': bodies(
    ['200', '200 BAD_USER_INPUT', '200 PERSISTED_QUERY_NOT_FOUND', '429 RATE_LIMITED'],
    () => {
      const query = `{ __typename } # ${randomUUID()}${'x'.repeat(10_000)}`;
      return hashed(query, createHash('sha256').update(query).digest('hex'));
    },
    () => hashed('{ __typename }', createHash('sha256').update(randomUUID()).digest('hex')),
    () => JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash: randomUUID() } } }),
  ),
  'unknown keys': {
    expected: ['401 UNAUTHENTICATED', 'closed'],
    run: ({ url }) =>
      Promise.all([
        ...Array.from({ length: 10 }, () => post({ url, key: `rg_${randomUUID()}` }, operation('{ __typename }'))),
        post({ url, key: null }, operation(`{ item(id: "${LONG_TEXT}") { id } }`)),
      ]),
  },
  'connections opened and dropped': crowd(500, ['dropped', 'closed'], () => [], { drop: true }),
  'requests dropped half-way': crowd(
    20,
    ['dropped', 'closed'],
    (target) => {
      const body = operation('{ popularItems(first: 100) { nodes { score } } }');
      return [head(body.length, target), body.slice(0, 20)];
    },
    { drop: true },
  ),
  'answers not waited for': crowd(
    4,
    ['dropped', 'closed', '429 RATE_LIMITED'],
    (target) => {
      const body = operation(lists([20]));
      return [head(body.length, target), body];
    },
    { drop: true, gapMs: 5 },
  ),
  'trickled heads and bodies': crowd(
    100,
    ['dropped', 'closed', '408'],
    (target, at) =>
      at % 2 === 0
        ? ['POST /graphql HTTP/1.1\r\n', ...Array.from({ length: 15 }, (_, line) => `x-${line}: ${line}\r\n`)]
        : [head(1_000, target), ...Array.from({ length: 15 }, () => '{')],
    { drop: true, gapMs: 150 },
  ),
};
