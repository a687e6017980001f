/**
 * Subscribes to an operation: it passes the checks of every operation, then its values come one by one, each made when it is asked
 * for and executed with a context of its own. An error after the first value is the last value.
 */
import { type ApolloServer, type GraphQLRequest } from '@apollo/server';
import { createSourceEventStream, execute, type ExecutionResult, type FormattedExecutionResult } from 'graphql';
import { publicError } from '../../resolvers/errors.js';
import { type RequestContext } from '../context.js';
import { type OperationStream } from './operation-stream.js';

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

export interface SubscribeParts extends Omit<OperationStream, 'signal' | 'accepted'> {
  readonly apollo: ApolloServer<RequestContext>;
  readonly request: GraphQLRequest;
  /** @throws ApiError where a document must not even be parsed */
  readonly demandDocument: (document: string) => void;
}

/** What is subscribed to; or why nothing is. @throws ApiError where the caller may ask nothing */
export async function subscribe({
  apollo,
  request,
  demandDocument,
  ...parts
}: SubscribeParts): Promise<Opened | Required<Pick<FormattedExecutionResult, 'errors'>>> {
  if (typeof request.query === 'string') demandDocument(request.query);
  const end = new AbortController();
  const stream: OperationStream = { ...parts, signal: end.signal, accepted: null };
  const contextValue: RequestContext = { ...(await parts.renew()), stream };
  const { body } = await apollo.executeOperation(request, { contextValue });
  const { accepted } = stream;
  if (accepted === null) return { errors: (body.kind === 'single' && body.singleResult.errors) || [] };
  const source = await createSourceEventStream({ ...accepted, contextValue });
  if (!(Symbol.asyncIterator in source)) {
    end.abort();
    return { errors: (source.errors ?? []).map(publicError) };
  }
  const valueOf = ({ context, ...root }: Update): Promise<ExecutionResult> =>
    Promise.resolve(execute({ ...accepted, rootValue: root, contextValue: context }));
  return { operation: accepted, values: values(source as AsyncGenerator<Update>, valueOf, end) };
}

function values(
  source: AsyncGenerator<Update>,
  valueOf: (update: Update) => Promise<ExecutionResult>,
  end: AbortController,
): Values {
  const over = { done: true, value: undefined } as const;
  return {
    async next() {
      if (end.signal.aborted) return over;
      try {
        const next = await source.next();
        if (!next.done) return { done: false, value: formatted(await valueOf(next.value)) };
        end.abort();
        return over;
      } catch (error) {
        end.abort();
        return { done: false, value: { errors: [publicError(error)] } };
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

function formatted({ data, errors }: ExecutionResult): FormattedExecutionResult {
  return { ...(errors !== undefined && { errors: errors.map(publicError) }), ...(data !== undefined && { data }) };
}
