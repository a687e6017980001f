/**
 * The place of a request in its caller's trace, as a header says it: W3C Trace Context, section 3.2.
 * https://www.w3.org/TR/trace-context/
 */
import { type FastifyRequest } from 'fastify';

export interface TraceParent {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** 16 of them: the caller's own part. */
  readonly spanId: string;
}

/** Versions to come may say more after a dash; ff is none. */
const HEADER = /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-[\da-f]{2}(?:-.*)?$/;
const VERSION_0_LENGTH = 55;

/** Null where the header is not well formed: the trace begins here. */
export function traceParent(header: string | null): TraceParent | null {
  const found = header === null ? null : HEADER.exec(header);
  if (found === null || (header!.startsWith('00') && header!.length !== VERSION_0_LENGTH)) return null;
  return { traceId: found[1]!, spanId: found[2]! };
}

/** The header as it came; null where it did not. */
export function traceparentOf({ headers }: FastifyRequest): string | null {
  const header = headers['traceparent'];
  return typeof header === 'string' ? header : null;
}
