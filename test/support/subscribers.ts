/** Readers of a subscription, over both transports: their values, in order, and how it ended. */
import { setTimeout } from 'node:timers/promises';
import { createClient as createStreamClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import WebSocket from 'ws';

export type Transport = 'server-sent events' | 'a WebSocket';
export const TRANSPORTS: readonly Transport[] = ['server-sent events', 'a WebSocket'];

export interface Reader {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape is the operation's
  readonly values: any[];
  /** "complete", a close code of the socket, or the code of the first error. */
  readonly ended: Promise<string | number>;
  leave(): void;
}

export interface ReaderOptions {
  readonly key?: string;
  readonly token?: string;
  readonly variables?: Record<string, unknown>;
}

export function readerOf(transport: Transport, url: string, query: string, options: ReaderOptions = {}): Reader {
  const { key, token, variables = {} } = options;
  const values: unknown[] = [];
  let leave: () => void = () => undefined;
  const ended = new Promise<string | number>((resolve) => {
    const sink = {
      next: (value: unknown) => void values.push(value),
      complete: () => resolve('complete'),
      error: (error: unknown) => void codeOf(error).then(resolve),
    };
    const params = {
      ...(key !== undefined && { 'x-api-key': key }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    const client =
      transport === 'a WebSocket'
        ? createSocketClient({
            url: `${url.replace('http', 'ws')}/graphql`,
            webSocketImpl: WebSocket,
            connectionParams: params,
            retryAttempts: 0,
          })
        : createStreamClient({ url: `${url}/graphql/stream`, headers: params, retryAttempts: 0 });
    leave = client.subscribe({ query, variables }, sink);
  });
  return { values, ended, leave };
}

/** Resolves when the condition holds; a test that waits in vain runs into its time limit. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await setTimeout(5);
}

async function codeOf(error: unknown): Promise<string | number> {
  if (Array.isArray(error)) return String((error[0] as { extensions?: { code?: string } }).extensions?.code);
  const { response, code, reason } = error as { response?: Response; code?: number; reason?: string };
  if (response === undefined)
    return reason === undefined || reason === '' ? (code ?? String(error)) : `${code} ${reason}`;
  const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
  return errors[0]!.extensions.code;
}
