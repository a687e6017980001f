/**
 * What is told of one finished operation, or of a request that was refused before it became one. It holds nothing of variables
 * or answers; ids of users are in it for the audit log alone, which replaces them by pseudonyms.
 */
import { ERRORS } from '../../resolvers/errors.js';
import { type ListTrace } from './list-trace.js';

export type Outcome = 'ok' | 'caller' | 'ours';

export interface OperationRecord {
  readonly requestId: string;
  /** Names the key or the token's issuer; null where the request was refused before that was known. */
  readonly caller: string | null;
  /** The user that the caller speaks for; null: none. */
  readonly callerUser: string | null;
  /** As the document names it, cut where it is long; null: it has no name, or there is no valid document. */
  readonly name: string | null;
  readonly type: 'query' | 'mutation' | 'subscription' | null;
  /** Of a subscription, which is told twice; null: of any other operation, and of one that was refused. */
  readonly phase: 'opened' | 'ended' | null;
  /** SHA-256 of the document, hex; null where there was none. */
  readonly documentHash: string | null;
  /** Whose fault the errors are; ours where any is. */
  readonly outcome: Outcome;
  /** Codes of the errors, each once, in order. */
  readonly codes: readonly string[];
  /** Until the answer; of an ended subscription, its whole life. */
  readonly durationMs: number;
  readonly users: ReadonlySet<string>;
  /** Status of the answer; null: there is none, for it travels in a stream. */
  readonly status: number | null;
  /** The header of W3C Trace Context, as it came; null where it did not. */
  readonly traceparent: string | null;
  /** How lists of the request were made; null: nobody asked. */
  readonly lists: readonly ListTrace[] | null;
}

/** How an operation went, or one phase of it. */
export interface Course extends Pick<OperationRecord, 'phase' | 'users'> {
  readonly errors: Parameters<typeof verdictOf>[0];
}

/** Told of every record; must not throw. */
export type OperationListener = (record: OperationRecord) => void;

export interface Verdict {
  readonly outcome: Outcome;
  readonly codes: readonly string[];
}

const OK: Verdict = { outcome: 'ok', codes: [] };

/** What errors, as a client is told them, say of an operation. */
export function verdictOf(
  errors: readonly { readonly extensions?: { readonly code?: unknown } }[] | undefined,
): Verdict {
  if (errors === undefined || errors.length === 0) return OK;
  const codes = [...new Set(errors.map(({ extensions }) => String(extensions?.code)))];
  const ours = codes.some((code) => !(code in ERRORS) || ERRORS[code as keyof typeof ERRORS].fault === 'ours');
  return { outcome: ours ? 'ours' : 'caller', codes };
}
