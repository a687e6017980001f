/**
 * Tells who sends a request, by its API key or token. A server that is reachable from its own machine alone, and for which no
 * key was ever made, lets everybody do everything, unless it is a production server.
 */
import { ApiError } from '../../resolvers/errors.js';
import { type Caller, LOCAL_CALLER } from './caller.js';
import { type KeyFile } from './key-file.js';
import { isLoopback, isMeantForLoopback } from './loopback.js';
import { type Tokens } from './tokens.js';

export interface AuthenticatorParts {
  readonly auth: 'auto' | 'required' | 'off';
  readonly production: boolean;
  /** Address that the server is bound to. */
  readonly host: string;
  readonly keys: KeyFile;
  /** Null where no issuer is configured. */
  readonly tokens: Tokens | null;
  /** ms */
  readonly clock: () => number;
}

/** Header fields that matter here, as node has them. */
export interface Credentials {
  readonly host?: string | undefined;
  readonly authorization?: string | undefined;
  readonly 'x-api-key'?: string | string[] | undefined;
}

const BEARER = /^Bearer +([\w.~+/-]+=*)$/i;

export class Authenticator {
  constructor(private readonly parts: AuthenticatorParts) {}

  /** Why the server must not start as it is configured; null where it may. */
  get problem(): string | null {
    const { keys, tokens } = this.parts;
    if (!this.isRequired || !keys.isEmpty || tokens !== null) return null;
    return 'requests need a key or a token, and there are none: make a key (recograph keys add), name an issuer (JWT_JWKS), or set AUTH=off';
  }

  /** @throws ApiError UNAUTHENTICATED, FOREIGN_HOST */
  async callerOf(given: Credentials): Promise<Caller> {
    const { auth, host, keys, tokens, clock } = this.parts;
    if (auth === 'off') return LOCAL_CALLER;
    const credential = credentialOf(given);
    if (credential === null) {
      if (this.isRequired) throw new ApiError('UNAUTHENTICATED', 'the request needs an API key or a token');
      if (isLoopback(host) && !isMeantForLoopback(given.host)) {
        throw new ApiError('FOREIGN_HOST', 'without keys the server answers only to names of its own machine');
      }
      return LOCAL_CALLER;
    }
    const caller = credential.startsWith('rg_')
      ? keys.callerOf(credential)
      : ((await tokens?.callerOf(credential, clock())) ?? null);
    if (caller === null) throw new ApiError('UNAUTHENTICATED', 'the API key or token is not good, or not any more');
    return caller;
  }

  /** Whether a request without a key or token is refused. */
  get isRequired(): boolean {
    const { auth, production, host, keys, tokens } = this.parts;
    if (auth !== 'auto') return auth === 'required';
    return production || !isLoopback(host) || tokens !== null || !keys.isEmpty;
  }
}

/** The key or token of a request; null where it brings none. @throws ApiError UNAUTHENTICATED where it can't be read */
function credentialOf({ authorization, 'x-api-key': key }: Credentials): string | null {
  if (typeof key === 'string') return key;
  if (authorization === undefined) return null;
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined)
    throw new ApiError('UNAUTHENTICATED', 'the authorization header is not "Bearer", a blank and a key or token');
  return token;
}
