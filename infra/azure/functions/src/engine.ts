/**
 * The engine, asked over HTTP. Credentials, request id and trace go along as they came, and the client's address, for the limits;
 * what the engine answers comes back as it is: result, status, and the headers that concern the caller.
 */
import { type FormattedExecutionResult } from 'graphql';
import { clientAddress } from './client-address.js';

export interface EngineOptions {
  /** Where the gateway is, such as https://engine.internal. */
  readonly url: string;
  /** For one operation, ms; longer than the gateway's own OPERATION_TIMEOUT_MS, so that its answer is the one that counts. */
  readonly timeoutMs: number;
}

export interface Operation {
  readonly query: string;
  readonly operationName?: string | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

export interface EngineAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly result: FormattedExecutionResult;
}

/** No answer of the engine: it can't be reached, is late, or something else answers at its address. */
export class EngineUnavailableError extends Error {
  override readonly name = 'EngineUnavailableError';
}

/** Not `x-forwarded-for`, which an ingress may overwrite; the gateway reads it where TRUST_PROXY names the app's address. */
const CLIENT_HEADER = 'x-recograph-client';
const THERE = [
  'accept',
  'apollographql-client-name',
  'authorization',
  'traceparent',
  'tracestate',
  'x-api-key',
  'x-request-id',
];
const BACK = [
  'cache-control',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'retry-after',
  'x-request-id',
];

/**
 * Sends the operation once: whether a mutation that got no answer ran is not known, so its sender asks again, with the same ids.
 * @throws EngineUnavailableError
 */
export async function askEngine(
  { url, timeoutMs }: EngineOptions,
  operation: Operation,
  headers: ReadonlyMap<string, string>,
): Promise<EngineAnswer> {
  const address = clientAddress(headers.get('x-forwarded-for'));
  try {
    const response = await fetch(new URL('/graphql', url), {
      method: 'POST',
      headers: {
        ...taken(headers, THERE),
        ...(address !== null && { [CLIENT_HEADER]: address }),
        'content-type': 'application/json',
      },
      body: JSON.stringify(operation),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const result: unknown = await response.json();
    if (!isResult(result)) throw new Error(`status ${response.status}, and no GraphQL`);
    return { status: response.status, headers: Object.entries(taken(response.headers, BACK)), result };
  } catch (cause) {
    throw new EngineUnavailableError(`${url}: ${(cause as Error).message}`, { cause });
  }
}

function taken(
  headers: { get(name: string): string | null | undefined },
  names: readonly string[],
): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers.get(name);
      return value === null || value === undefined ? [] : [[name, value]];
    }),
  );
}

function isResult(value: unknown): value is FormattedExecutionResult {
  return typeof value === 'object' && value !== null && ('data' in value || 'errors' in value);
}
