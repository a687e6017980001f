/**
 * Every error that a client can meet, in one table: a stable code, whose fault it is, the HTTP status where the whole
 * request fails on it, and what it means. And one normaliser, which works on the raw errors of an execution as on
 * formatted ones, whatever executed it.
 */
import { HeaderMap } from '@apollo/server';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { QueryError } from '../src/engine/query-error.js';
import { LogUnavailableError } from '../src/events/log.js';
import { Cancelled } from '../src/pipeline/cancelled.js';
import { RemoteUnavailableError } from '../src/remote/remote-unavailable-error.js';

export interface ErrorKind {
  readonly fault: 'caller' | 'ours';
  readonly status: number;
  readonly meaning: string;
}

const caller = (meaning: string, status = 200): ErrorKind => ({ fault: 'caller', status, meaning });
const ours = (meaning: string, status: number): ErrorKind => ({ fault: 'ours', status, meaning });

export const ERRORS = {
  UNKNOWN_ITEM: caller('an argument names an item that no event has named'),
  UNKNOWN_ATTRIBUTE: caller('a filter names an attribute that no item has declared'),
  UNKNOWN_SCENARIO: caller('there is no scenario of this name'),
  WRONG_TYPE: caller('a value is not of the attribute’s declared type'),
  BAD_FILTER: caller('a filter is not well formed'),
  BAD_POSITION: caller('a position is not one that a mutation has answered: a whole number'),
  NOT_YET_CONSISTENT: ours(
    'this server does not know the position yet, after CONSISTENCY_WAIT_MS; ask again, or without consistentWith',
    200,
  ),
  BAD_CURSOR: caller('a cursor is damaged, or belongs to another list'),
  SLATE_EXPIRED: caller('the list that a cursor belongs to is no longer kept; ask for it anew without a cursor'),
  FIRST_OUT_OF_RANGE: caller('first is not between 1 and 100'),
  TOO_MANY_IDS: caller('more ids than one field takes'),
  TOO_MANY_ENTRIES: caller('more entries than one mutation takes; nothing was recorded'),
  BAD_ID: caller('an id is empty, too long, holds control characters, or is not well-formed Unicode'),
  BAD_TIME: caller('a time is not ISO 8601, not in the calendar, before 1970, or in the future'),
  BAD_WEIGHT: caller('a weight is not a number above 0 and up to 1000'),
  BAD_RANK: caller('a rank is not a whole number from 1 to 100'),
  BAD_CONTEXT: caller('a context value is empty, too long, holds control characters, or is not well-formed Unicode'),
  BAD_ATTRIBUTE: caller('an attribute’s name, text, depth or size is not allowed'),
  UNAUTHENTICATED: caller('the request needs an API key or a token, or the one it brings is not good', 401),
  FORBIDDEN: caller('the key or token has none of the roles that a field of the operation needs; none of it ran', 403),
  NOT_YOUR_USER: caller('the key or token does not speak for the user, or the session, that a field is about'),
  FOREIGN_HOST: caller('a server without keys was asked under a name that is not its own machine’s', 403),
  WRONG_TRANSPORT: caller(
    'a subscription came to the route of queries and mutations, or one of these to that of subscriptions',
    400,
  ),
  TOO_MANY_SUBSCRIPTIONS: caller('more subscriptions, or connections for them, than a setting allows', 429),
  FOREIGN_ORIGIN: caller('a page of another origin asked for a subscription', 403),
  NOT_ACCEPTABLE: caller('a stream is text/event-stream, and the request does not accept it', 406),
  DRAINING: ours('the server is about to end; subscribe again, and another one answers', 503),
  BAD_REFERENCE: caller('a representation of an entity does not name an Item or a User by its id'),
  SAME_USER: caller('a user can’t be merged into itself'),
  TOO_DEEP: caller('the document has more levels than the setting MAX_DEPTH', 400),
  TOO_MANY_ALIASES: caller('the document has more aliases than the setting MAX_ALIASES', 400),
  TOO_MANY_DIRECTIVES: caller('the document has more directives than the setting MAX_DIRECTIVES', 400),
  TOO_MANY_REPEATS: caller('a selection names the same field more often than the setting MAX_REPEATS', 400),
  TOO_MANY_TOKENS: caller('the document has more tokens than the setting MAX_TOKENS', 400),
  DOCUMENT_TOO_LONG: caller('the document has more characters than the setting MAX_DOCUMENT_LENGTH', 400),
  TOO_COSTLY: caller('the operation costs more points than the setting MAX_COST', 400),
  BATCH_TOO_LARGE: caller('the request brings more operations than the setting BATCH_SIZE', 400),
  RATE_LIMITED: caller('a field was asked for too often; `retry-after` says when it may be again', 429),
  QUOTA_EXCEEDED: caller('the caller has had the operations of the setting DAILY_QUOTA', 429),
  OVERLOADED: ours('the server is late with its work; `retry-after` says when to ask again', 503),
  BAD_USER_INPUT: caller('variables do not fit the operation', 400),
  GRAPHQL_PARSE_FAILED: caller('the document is not GraphQL', 400),
  GRAPHQL_VALIDATION_FAILED: caller('the document does not fit the schema', 400),
  OPERATION_RESOLUTION_FAILURE: caller('which operation of the document is meant is not clear', 400),
  PERSISTED_QUERY_NOT_FOUND: caller('send the document along with its hash', 200),
  PERSISTED_QUERY_NOT_SUPPORTED: caller('persisted queries are not supported', 200),
  PERSISTED_QUERY_REQUIRED: caller('the server takes only documents of its manifest, and this is none of them', 400),
  UNKNOWN_OPERATION: caller('no trusted document has an operation of this name', 404),
  BAD_REQUEST: caller('the request is not a GraphQL request', 400),
  BAD_JSON: caller('the request body is not JSON', 400),
  BODY_TOO_LARGE: caller('the request body is larger than the setting BODY_LIMIT', 413),
  REQUEST_TIMEOUT: caller('the request did not arrive in full within the setting REQUEST_TIMEOUT_MS', 408),
  HEAD_TOO_LARGE: caller('the head of the request is larger than 16 KB', 431),
  UNSUPPORTED_MEDIA_TYPE: caller('the request body is not application/json', 415),
  NOT_FOUND: caller('there is nothing at this address', 404),
  LOG_UNAVAILABLE: ours(
    'the event log takes no events now; the same request may be sent again, and what has an id counts once',
    200,
  ),
  STORE_UNAVAILABLE: ours('a store that replicas share does not answer now; the same may be asked again', 200),
  OPERATION_TIMEOUT: ours('the operation took longer than the setting OPERATION_TIMEOUT_MS allows', 504),
  CLIENT_GONE: caller('the client left before its answer: nobody reads this, but logs and the audit log tell it', 499),
  INTERNAL: ours('a fault of ours; it is in the server’s log', 200),
} satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERRORS;

/** An error of the table, thrown by a resolver. */
export class ApiError extends GraphQLError {
  constructor(
    readonly code: ErrorCode,
    message: string,
    /** When the same may be asked again, seconds. */
    readonly retryAfterS?: number,
  ) {
    const { status } = ERRORS[code];
    const headers = retryAfterS === undefined ? {} : { headers: new HeaderMap([['retry-after', `${retryAfterS}`]]) };
    super(message, { extensions: { code, ...(status !== 200 && { http: { status, ...headers } }) } });
  }
}

/** What a client is told of an error: known codes with their message, everything else masked. */
export function publicError(error: unknown): GraphQLFormattedError {
  const { message, locations, path } = error as Partial<GraphQLFormattedError>;
  const where = { ...(locations === undefined ? {} : { locations }), ...(path === undefined ? {} : { path }) };
  const cause = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  if (cause instanceof QueryError) return { message: cause.message, ...where, extensions: { code: cause.code } };
  if (cause instanceof LogUnavailableError) {
    return { message: ERRORS.LOG_UNAVAILABLE.meaning, ...where, extensions: { code: 'LOG_UNAVAILABLE' } };
  }
  if (cause instanceof RemoteUnavailableError) {
    return { message: ERRORS.STORE_UNAVAILABLE.meaning, ...where, extensions: { code: 'STORE_UNAVAILABLE' } };
  }
  if (cause instanceof Cancelled) {
    return { message: ERRORS.OPERATION_TIMEOUT.meaning, ...where, extensions: { code: 'OPERATION_TIMEOUT' } };
  }
  const code = codeOf(cause) ?? codeOf(error);
  if (code !== null) return { message: message ?? '', ...where, extensions: { code } };
  // An error that graphql itself raised while it coerced arguments carries no code, and no foreign cause either.
  if (error instanceof GraphQLError && error.originalError === undefined && error.extensions['code'] === undefined) {
    return { message: error.message, ...where, extensions: { code: 'BAD_USER_INPUT' } };
  }
  return { message: 'something went wrong on our side', ...where, extensions: { code: 'INTERNAL' } };
}

function codeOf(error: unknown): ErrorCode | null {
  const code = (error as { extensions?: { code?: unknown } } | null)?.extensions?.code;
  return typeof code === 'string' && code in ERRORS ? (code as ErrorCode) : null;
}
