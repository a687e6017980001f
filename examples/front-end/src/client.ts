/** Sends operations by their hashes: no text of an operation leaves the client, nor is it in the bundle. */
import { type TypedDocumentString } from './generated/graphql.js';

export interface ServerError {
  readonly message: string;
  readonly extensions: { readonly code: string };
}

/** The server answered with errors. Their codes are stable, their messages are for people. */
export class OperationFailed extends Error {
  override readonly name = 'OperationFailed';

  constructor(readonly errors: readonly ServerError[]) {
    super(errors.map(({ message, extensions }) => `${extensions.code}: ${message}`).join('; '));
  }
}

export interface ClientOptions {
  /** Such as https://api.example/graphql */
  readonly url: string;
  /** Credentials, where the server asks for them. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Runs one operation. @throws OperationFailed */
export type Send = <Result, Variables>(
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
) => Promise<Result>;

export function createClient({ url, headers }: ClientOptions): Send {
  return async <Result, Variables>(document: TypedDocumentString<Result, Variables>, variables: Variables) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ documentId: document.__meta__?.['hash'] as string, variables }),
    });
    const { data, errors } = (await response.json()) as { data: Result; errors?: ServerError[] };
    if (errors !== undefined) throw new OperationFailed(errors);
    return data;
  };
}
