/**
 * The API keys: `keys.json` of the data folder, or a file elsewhere, written whole and in place of the earlier one. Of a key's
 * secret only its SHA-256 is kept: 256 random bits need no slow hash. A running server sees a change of the file within a second.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { replaceFile } from '../disk/durable-file.js';
import { type Caller, caller, type Role, ROLES } from './caller.js';

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** The user that it speaks for; null: none. */
  readonly userId: string | null;
  /** ms, as all times here. */
  readonly createdAt: number;
  readonly revokedAt: number | null;
  /** The newest one last; an earlier one is good until its end, so that a key can be rotated without a gap. */
  readonly secrets: readonly KeySecret[];
}

export interface KeySecret {
  readonly sha256: string;
  readonly expiresAt: number | null;
}

/** Name of the file within the data folder. */
export const KEY_FILE = 'keys.json';

/** What the file holds can't be used. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError';
  readonly code = 'KEYS_DAMAGED';
}

const LOOK_AGAIN_MS = 500;
const KEY = /^rg_([0-9a-f]{12})_([A-Za-z0-9_-]{43})$/;

/** A new key's text, shown once, and what is kept of it. */
export function drawSecret(id: string): { readonly text: string; readonly sha256: string } {
  const secret = randomBytes(32).toString('base64url');
  return { text: `rg_${id}_${secret}`, sha256: hashOf(secret).toString('hex') };
}

export const drawKeyId = (): string => randomBytes(6).toString('hex');

/** @throws KeyFileError; no file holds no keys */
export async function readKeys(path: string): Promise<readonly ApiKey[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return text === null ? [] : parseKeys(path, text);
}

export function writeKeys(path: string, keys: readonly ApiKey[]): Promise<void> {
  return replaceFile(path, `${JSON.stringify({ version: 1, keys }, null, 2)}\n`);
}

/** The keys as a server asks them. */
export class KeyFile {
  private keys: ReadonlyMap<string, { readonly key: ApiKey; readonly caller: Caller }> = new Map();
  private lookedAt = -Infinity;
  private mark = '';
  private everHeld = false;

  /**
   * @param clock ms
   * @param onProblem told why a changed file is not taken; what was known before stays
   * @throws KeyFileError where the file can't be used at the start
   */
  constructor(
    private readonly path: string,
    private readonly clock: () => number,
    private readonly onProblem: (message: string) => void,
  ) {
    this.reload();
  }

  /** Whether nobody was ever given a key, as far as is known here: a file that is gone opens nothing. */
  get isEmpty(): boolean {
    this.look();
    return !this.everHeld;
  }

  /** Who the key speaks for; null where it is unknown, revoked or past its end. */
  callerOf(text: string): Caller | null {
    this.look();
    const [, id, secret] = KEY.exec(text) ?? [];
    const known = id === undefined ? undefined : this.keys.get(id);
    if (known === undefined || known.key.revokedAt !== null) return null;
    const hash = hashOf(secret!);
    const now = this.clock();
    const good = known.key.secrets.some(
      ({ sha256, expiresAt }) =>
        timingSafeEqual(Buffer.from(sha256, 'hex'), hash) && (expiresAt === null || now < expiresAt),
    );
    return good ? known.caller : null;
  }

  private look(): void {
    if (this.clock() - this.lookedAt < LOOK_AGAIN_MS) return;
    try {
      this.reload();
    } catch (error) {
      this.onProblem(`the keys are those known before: ${(error as Error).message}`);
    }
  }

  private reload(): void {
    this.lookedAt = this.clock();
    const found = statSync(this.path, { throwIfNoEntry: false });
    const mark = found === undefined ? 'none' : `${found.ino} ${found.mtimeMs} ${found.size}`;
    if (mark === this.mark) return;
    const keys = found === undefined ? [] : parseKeys(this.path, readFileSync(this.path, 'utf8'));
    this.mark = mark;
    this.everHeld ||= keys.length > 0;
    this.keys = new Map(keys.map((key) => [key.id, { key, caller: caller(`key:${key.id}`, key.roles, key.userId) }]));
  }
}

const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

function parseKeys(path: string, text: string): readonly ApiKey[] {
  let content: { version?: unknown; keys?: unknown };
  try {
    content = JSON.parse(text) as typeof content;
  } catch {
    throw new KeyFileError(`${path} is not JSON`);
  }
  if (content.version !== 1 || !Array.isArray(content.keys) || !content.keys.every(isKey)) {
    throw new KeyFileError(`${path} does not hold keys of version 1`);
  }
  return content.keys;
}

function isKey(value: unknown): value is ApiKey {
  const { id, name, roles, userId, createdAt, revokedAt, secrets } = (value ?? {}) as Partial<ApiKey>;
  return (
    typeof id === 'string' &&
    typeof name === 'string' &&
    Array.isArray(roles) &&
    roles.every((role) => ROLES.includes(role)) &&
    (userId === null || typeof userId === 'string') &&
    typeof createdAt === 'number' &&
    (revokedAt === null || typeof revokedAt === 'number') &&
    Array.isArray(secrets) &&
    secrets.every(
      ({ sha256, expiresAt }: Partial<KeySecret>) =>
        /^[0-9a-f]{64}$/.test(sha256 ?? '') && (expiresAt === null || typeof expiresAt === 'number'),
    )
  );
}
