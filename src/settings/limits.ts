/** Settings of how much one request, and one caller, may ask. */
import { DEFAULT_KEY_RATE_LIMITS, DEFAULT_RATE_LIMITS, parseRateLimits } from '../limits/rate-limits.js';
import { onOff, type Setting, wholeNumber } from './setting.js';
import { type TrustedProxies, trustedProxies } from './trusted-proxies.js';

const atLeastOne = (most: number) => wholeNumber(1, most);

export const LIMIT_SETTINGS = {
  maxDepth: {
    variable: 'MAX_DEPTH',
    otherwise: 12,
    ...atLeastOne(1_000),
    purpose: 'levels of a document; of introspection graphql-js allows what tools ask',
  },
  maxAliases: { variable: 'MAX_ALIASES', otherwise: 30, ...wholeNumber(0, 10_000), purpose: 'aliases of a document' },
  maxDirectives: {
    variable: 'MAX_DIRECTIVES',
    otherwise: 30,
    ...wholeNumber(0, 10_000),
    purpose: 'directives of a document',
  },
  maxRepeats: {
    variable: 'MAX_REPEATS',
    otherwise: 10,
    ...atLeastOne(10_000),
    purpose: 'times that one selection may name the same field',
  },
  maxTokens: { variable: 'MAX_TOKENS', otherwise: 2_000, ...atLeastOne(1_000_000), purpose: 'tokens of a document' },
  maxDocumentLength: {
    variable: 'MAX_DOCUMENT_LENGTH',
    otherwise: 100_000,
    ...atLeastOne(100_000_000),
    purpose: 'characters of a document',
  },
  maxCost: {
    variable: 'MAX_COST',
    otherwise: 50_000,
    ...atLeastOne(1_000_000_000),
    purpose:
      'points of an operation: one a field, more for what the engine computes, times the lengths of the lists around it',
  },
  clientCost: {
    variable: 'CLIENT_COST',
    otherwise: 1_000_000,
    ...atLeastOne(1_000_000_000_000),
    purpose: 'points that a caller with no role but client may spend in a minute',
  },
  maxRefused: {
    variable: 'MAX_REFUSED',
    otherwise: 300,
    ...atLeastOne(1_000_000_000),
    purpose: 'requests of a caller with no role but client that may be refused for what they are, in a minute',
  },
  batchSize: {
    variable: 'BATCH_SIZE',
    otherwise: 1,
    ...atLeastOne(100),
    purpose: 'operations of one request; 1: no batches',
  },
  rateLimit: {
    variable: 'RATE_LIMIT',
    otherwise: true,
    ...onOff,
    purpose: 'off: no rate limits, no quotas, no refusal under pressure; for load tests',
  },
  rateLimits: {
    variable: 'RATE_LIMITS',
    otherwise: DEFAULT_RATE_LIMITS,
    allowed: 'fields with points in a window, such as Query.recommendations=600/60s,Query.user=60/10s',
    parse: (text: string) => parseRateLimits(text),
    purpose: 'limits that differ from those in the schema',
  },
  keyRateLimits: {
    variable: 'KEY_RATE_LIMITS',
    otherwise: DEFAULT_KEY_RATE_LIMITS,
    allowed: 'fields with points in a window, such as Query.recommendations=900000/60s',
    parse: (text: string) => parseRateLimits(text, DEFAULT_KEY_RATE_LIMITS),
    purpose: 'limits of one key for all the users that it names together',
  },
  dailyQuota: {
    variable: 'DAILY_QUOTA',
    otherwise: 0,
    ...wholeNumber(0, 1_000_000_000),
    purpose: 'operations of a caller in a UTC day; 0: any number',
  },
  maxEventLoopDelayMs: {
    variable: 'MAX_EVENT_LOOP_DELAY_MS',
    otherwise: 1_000,
    ...atLeastOne(60_000),
    purpose: 'mean delay of the event loop from which on requests are refused, ms',
  },
  trustProxy: {
    variable: 'TRUST_PROXY',
    otherwise: { inFront: 0, addresses: [] } as TrustedProxies,
    allowed: 'off, a number of proxies from 1 to 10, their addresses, or both in this order, with commas between',
    parse: trustedProxies,
    purpose: 'the proxies in front whose x-forwarded-for tells the caller’s address',
  },
} satisfies Record<string, Setting<unknown>>;
