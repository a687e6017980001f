/**
 * Subscribes to an operation: it passes the checks of every operation, then its values come one by one, each made when it is asked
 * for and executed with a context of its own. An error after the first value is the last value, and so is one that took too long.
 */
import { type ApolloServer, type GraphQLRequest } from '@apollo/server';
import { createSourceEventStream, execute, type FormattedExecutionResult, type GraphQLFormattedError } from 'graphql';
import { publicError } from '../../resolvers/errors.js';
import { type RequestContext } from '../context.js';
import { RequestSignal } from '../http/request-signal.js';
import { Cancelled } from '../pipeline/cancelled.js';
import { type OperationStream } from './operation-stream.js';
import { StreamLife } from './stream-life.js';

/** What the field of a subscription yields: the root of the next value, and what it is executed with. */
export interface Update {
  readonly context: RequestContext;
}

export interface Values extends AsyncIterable<FormattedExecutionResult> {
  next(): Promise<IteratorResult<FormattedExecutionResult, undefined>>;
  /** Nobody reads any more. */
  return(): Promise<IteratorReturnResult<undefined>>;
  throw(error: unknown): Promise<never>;
}

/** An operation that is subscribed to, and its values. */
export interface Opened {
  readonly operation: NonNullable<OperationStream['accepted']>;
  readonly values: Values;
}

export interface SubscribeParts extends Omit<OperationStream, 'signal' | 'accepted' | 'record' | 'renew'> {
  readonly apollo: ApolloServer<RequestContext>;
  readonly request: GraphQLRequest;
  /** Told of every error before it is masked. */
  readonly tellFault: (error: unknown, requestId: string) => void;
  /** The context of a value, the first included; it ends with the signal. @throws ApiError where the caller may ask nothing */
  readonly contextOf: (signal: RequestSignal) => Promise<RequestContext>;
  /** For the making of each value, ms. */
  readonly timeoutMs: number;
  /** @throws ApiError where a document must not even be parsed */
  readonly demandDocument: (document: string) => void;
}

/** What is subscribed to; or why nothing is. @throws ApiError where the caller may ask nothing */
export async function subscribe({
  apollo,
  request,
  demandDocument,
  tellFault,
  contextOf,
  timeoutMs,
  ...parts
}: SubscribeParts): Promise<Opened | Required<Pick<FormattedExecutionResult, 'errors'>>> {
  if (typeof request.query === 'string') demandDocument(request.query);
  const end = new AbortController();
  const hasLeft = (): boolean => end.signal.aborted;
  const renew = (): Promise<RequestContext> => contextOf(new RequestSignal(hasLeft, timeoutMs));
  const stream: OperationStream = { ...parts, renew, signal: end.signal, accepted: null, record: null };
  const contextValue: RequestContext = { ...(await renew()), stream };
  const { body } = await apollo.executeOperation(request, { contextValue });
  const { accepted, record } = stream;
  if (accepted === null) return { errors: (body.kind === 'single' && body.singleResult.errors) || [] };
  const { trail } = contextValue;
  const told = (error: unknown): GraphQLFormattedError => {
    tellFault(error, trail.requestId);
    return publicError(error);
  };
  const source = await createSourceEventStream({ ...accepted, contextValue });
  if (!(Symbol.asyncIterator in source)) {
    end.abort();
    const errors = (source.errors ?? []).map(told);
    record?.({ phase: null, errors, users: trail.users });
    return { errors };
  }
  record?.({ phase: 'opened', errors: [], users: trail.users });
  const life = new StreamLife(told);
  const valueOf = async ({ context, ...root }: Update): Promise<FormattedExecutionResult> => {
    const { data, errors } = await execute({ ...accepted, rootValue: root, contextValue: context });
    life.touch(context.trail.users);
    const late = errors?.find(({ originalError }) => originalError instanceof Cancelled);
    // By that alone, with nothing half-done, as a query is answered.
    if (late !== undefined) throw late;
    return { ...(errors !== undefined && { errors: errors.map(life.told) }), ...(data !== undefined && { data }) };
  };
  end.signal.addEventListener('abort', () => record?.({ phase: 'ended', errors: life.errors, users: life.users }));
  return { operation: accepted, values: values(source as AsyncGenerator<Update>, { valueOf, told: life.told, end }) };
}

interface ValueParts {
  readonly valueOf: (update: Update) => Promise<FormattedExecutionResult>;
  readonly told: (error: unknown) => GraphQLFormattedError;
  readonly end: AbortController;
}

function values(source: AsyncGenerator<Update>, { valueOf, told, end }: ValueParts): Values {
  const over = { done: true, value: undefined } as const;
  return {
    async next() {
      if (end.signal.aborted) return over;
      try {
        const next = await source.next();
        if (!next.done) return { done: false, value: await valueOf(next.value) };
        end.abort();
        return over;
      } catch (error) {
        const errors = [told(error)];
        end.abort();
        return { done: false, value: { errors } };
      }
    },
    // The source may be waiting, and would not hear of it otherwise.
    async return() {
      end.abort();
      await source.return(undefined);
      return over;
    },
    throw(error) {
      end.abort();
      return Promise.reject(error as Error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
