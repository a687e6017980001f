/** `recograph keys add | list | revoke | rotate`: who may ask a server over this data folder. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Command } from 'commander';
import { type Config } from '../config.js';
import { MAX_ID_CHARACTERS, textProblem } from '../events/text-rules.js';
import { type Role, ROLES } from '../identity/caller.js';
import { type ApiKey, drawKeyId, drawSecret, readKeys, writeKeys } from '../identity/key-file.js';
import { exclusively } from '../process-lock.js';
import { durationOf } from './duration.js';
import { CommandError } from './options.js';

interface KeyOptions {
  readonly data?: string;
  readonly name: string;
  readonly roles: string;
  readonly user?: string;
  readonly expires?: string;
  readonly overlap: string;
}
/** What becomes of the keys, and what is said of it. */
interface Change {
  readonly keys: readonly ApiKey[];
  readonly lines: readonly string[];
}

/** Adds the command to the program. */
export function keysCommand(program: Command, configOf: (options: { readonly data?: string }) => Config): void {
  const keys = program
    .command('keys')
    .description('API keys: add, list, revoke, rotate; a running server sees changes');
  const add = (usage: string, purpose: string): Command =>
    keys
      .command(usage)
      .description(purpose)
      .option('--data <folder>', 'data folder (default: RECOGRAPH_DATA, else ./data)');
  const run = async (options: KeyOptions, change: (keys: readonly ApiKey[]) => Change): Promise<void> => {
    for (const line of await changeKeys(configOf(options), change)) process.stdout.write(`${line}\n`);
  };
  add('add', 'makes a key and prints it: it can’t be shown again')
    .requiredOption('--name <text>', 'what it is for')
    .requiredOption('--roles <list>', `with commas between: ${ROLES.join(', ')}`)
    .option('--user <id>', 'the user that it speaks for (default: none)')
    .option('--expires <duration>', 'how long it is good, such as 12h or 24d (default: until it is revoked)')
    .action((options: KeyOptions) => run(options, (all) => added(all, options, Date.now())));
  add('list', 'all keys, without their secrets').action((options: KeyOptions) =>
    run(options, (all) => ({ keys: all, lines: all.map((key) => described(key, Date.now())) })),
  );
  add('revoke <id>', 'makes a key useless at once').action((id: string, options: KeyOptions) =>
    run(options, (all) => revoked(all, id, Date.now())),
  );
  add('rotate <id>', 'gives a key a new secret; the old one is good for a while')
    .option('--overlap <duration>', 'how long the old secret is good', '1d')
    .action((id: string, options: KeyOptions) => run(options, (all) => rotated(all, id, options.overlap, Date.now())));
}

async function changeKeys(config: Config, change: (keys: readonly ApiKey[]) => Change): Promise<readonly string[]> {
  const path = config.keysFile;
  await mkdir(dirname(path), { recursive: true });
  return exclusively({ folder: join(config.dataFolder, 'locks'), name: 'keys' }, async () => {
    const before = await readKeys(path);
    const { keys, lines } = change(before);
    if (keys !== before) await writeKeys(path, keys);
    return lines;
  });
}

function added(keys: readonly ApiKey[], options: KeyOptions, now: number): Change {
  const { name, user, expires } = options;
  const complaint = user === undefined ? null : textProblem(user, MAX_ID_CHARACTERS);
  if (complaint !== null) throw new CommandError('BAD_OPTION', `--user ${complaint}`);
  const id = drawKeyId();
  const { text, sha256 } = drawSecret(id);
  const expiresAt = expires === undefined ? null : now + durationOf('--expires', expires);
  const roles = rolesOf(options.roles);
  const key: ApiKey = {
    id,
    name,
    roles,
    userId: user ?? null,
    createdAt: now,
    revokedAt: null,
    secrets: [{ sha256, expiresAt }],
  };
  return { keys: [...keys, key], lines: [text] };
}

function revoked(keys: readonly ApiKey[], id: string, now: number): Change {
  return changed(keys, id, (key) => ({ ...key, revokedAt: key.revokedAt ?? now }), `key ${id} is revoked`);
}

function rotated(keys: readonly ApiKey[], id: string, overlap: string, now: number): Change {
  const until = now + durationOf('--overlap', overlap);
  const { text, sha256 } = drawSecret(id);
  const newest = keys.find((key) => key.id === id)?.secrets.at(-1);
  // A key that ends on a day ends then, whatever its secret.
  const secret = { sha256, expiresAt: newest?.expiresAt ?? null };
  const ending = (key: ApiKey): ApiKey['secrets'] =>
    key.secrets
      .map((old) => ({ ...old, expiresAt: Math.min(old.expiresAt ?? Infinity, until) }))
      .filter(({ expiresAt }) => expiresAt > now);
  return changed(keys, id, (key) => ({ ...key, secrets: [...ending(key), secret] }), text);
}

function changed(keys: readonly ApiKey[], id: string, change: (key: ApiKey) => ApiKey, line: string): Change {
  const found = keys.find((key) => key.id === id);
  if (found === undefined) throw new CommandError('UNKNOWN_KEY', `there is no key "${id}"`);
  if (found.revokedAt !== null) throw new CommandError('UNKNOWN_KEY', `key "${id}" is revoked`);
  return { keys: keys.map((key) => (key === found ? change(key) : key)), lines: [line] };
}

function rolesOf(text: string): readonly Role[] {
  const words = text.split(',').map((word) => word.trim());
  const unknown = words.find((word) => !ROLES.includes(word as Role));
  if (unknown === undefined) return [...new Set(words as Role[])];
  throw new CommandError('BAD_OPTION', `--roles is "${text}"; allowed are ${ROLES.join(', ')}, with commas between`);
}

function described({ id, name, roles, userId, createdAt, revokedAt, secrets }: ApiKey, now: number): string {
  const day = (time: number): string => new Date(time).toISOString();
  const good = secrets.filter(({ expiresAt }) => expiresAt === null || now < expiresAt);
  const until = secrets.at(-1)!.expiresAt;
  const standing =
    revokedAt !== null
      ? `revoked ${day(revokedAt)}`
      : good.length === 0
        ? `ended ${day(until!)}`
        : `good${until === null ? '' : ` until ${day(until)}`}${good.length > 1 ? `, its old secret until ${day(good[0]!.expiresAt!)}` : ''}`;
  const whose = userId === null ? '' : ` for user "${userId}"`;
  return `${id}  ${roles.join(',')}${whose}  made ${day(createdAt)}  ${standing}  ${name}`;
}
