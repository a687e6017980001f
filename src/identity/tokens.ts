/**
 * JSON Web Tokens (RFC 7519) of an issuer whose keys are in a JWKS, a file or an address: the subject is the user. Verified by jose;
 * a token that was verified is known for minutes, so that a request costs no signature.
 */
import { readFile } from 'node:fs/promises';
import type { JSONWebKeySet, JWTPayload, JWTVerifyGetKey } from 'jose' with { 'resolution-mode': 'import' };
import { MAX_ID_CHARACTERS, textProblem } from '../events/text-rules.js';
import { type Caller, caller, type Role, ROLES } from './caller.js';

export interface TokenSettings {
  /** Path or http(s) address of the JWKS. */
  readonly jwks: string;
  readonly issuer: string;
  readonly audience: string;
  /** The claim that lists roles; a token without it is a client's. */
  readonly rolesClaim: string | null;
}

/** Only signatures of which the server holds no secret. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const CLOCK_TOLERANCE_S = 5;
const FILE_AGAIN_MS = 10_000;
const KNOWN_TOKENS = 10_000;
/** So long a token is known without being verified again: its key may have been taken back. */
const KNOWN_MS = 300_000;

export class Tokens {
  private readonly known = new Map<string, { readonly caller: Caller; readonly until: number }>();

  private constructor(
    private readonly verify: (token: string) => Promise<JWTPayload | null>,
    private readonly rolesClaim: string | null,
  ) {}

  /** @throws where the file can't be read or is no JWKS; an address is asked when the first token comes */
  static async open(settings: TokenSettings, onProblem: (message: string) => void): Promise<Tokens> {
    const { jwks, issuer, audience, rolesClaim } = settings;
    // jose is an ES module, and this output is CommonJS.
    const jose = await import('jose');
    const keyOf: JWTVerifyGetKey = /^https?:/.test(jwks)
      ? jose.createRemoteJWKSet(new URL(jwks))
      : await keysOfFile(jwks, jose.createLocalJWKSet, onProblem);
    const options = {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      clockTolerance: CLOCK_TOLERANCE_S,
      requiredClaims: ['sub', 'exp'],
    };
    const verify = async (token: string): Promise<JWTPayload | null> => {
      try {
        return (await jose.jwtVerify(token, keyOf, options)).payload;
      } catch (error) {
        // Of a token that is not good nobody is told; of keys that can't be had the operator is.
        if (!(error instanceof jose.errors.JOSEError) || error instanceof jose.errors.JWKSTimeout) {
          onProblem(`the keys of tokens can't be had from ${jwks}: ${(error as Error).message}`);
        }
        return null;
      }
    };
    return new Tokens(verify, rolesClaim);
  }

  /** Who the token speaks for; null where it is none of the issuer's, past its end, or its subject is no user id. */
  async callerOf(token: string, now: number): Promise<Caller | null> {
    const known = this.known.get(token);
    if (known !== undefined && now < known.until) return known.caller;
    this.known.delete(token);
    const payload = await this.verify(token);
    if (payload === null) return null;
    const { sub, exp, iss } = payload;
    if (typeof sub !== 'string' || textProblem(sub, MAX_ID_CHARACTERS) !== null) return null;
    const found = caller(`issuer:${iss}`, this.rolesOf(payload), sub);
    if (this.known.size >= KNOWN_TOKENS) this.known.delete(this.known.keys().next().value!);
    this.known.set(token, { caller: found, until: Math.min(exp! * 1_000, now + KNOWN_MS) });
    return found;
  }

  private rolesOf(payload: JWTPayload): readonly Role[] {
    const claimed = this.rolesClaim === null ? undefined : payload[this.rolesClaim];
    if (claimed === undefined) return ['client'];
    const words = typeof claimed === 'string' ? claimed.split(' ') : Array.isArray(claimed) ? claimed : [];
    return ROLES.filter((role) => words.includes(role));
  }
}

/** Keys of a file, which is looked at every ten seconds: one that is no longer in it is no longer good. */
async function keysOfFile(
  path: string,
  local: (set: JSONWebKeySet) => JWTVerifyGetKey,
  onProblem: (message: string) => void,
): Promise<JWTVerifyGetKey> {
  const read = async (): Promise<JWTVerifyGetKey> => local(JSON.parse(await readFile(path, 'utf8')) as JSONWebKeySet);
  let keyOf = await read();
  let readAt = Date.now();
  return async (header, token) => {
    if (Date.now() - readAt >= FILE_AGAIN_MS) {
      readAt = Date.now();
      keyOf = await read().catch((error: Error) => {
        onProblem(`${path}: the keys of tokens are those known before: ${error.message}`);
        return keyOf;
      });
    }
    return keyOf(header, token);
  };
}
