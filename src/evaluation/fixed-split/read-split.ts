/**
 * Reads a fixed split: two text files, one line a user, `USER ITEM ITEM ...` separated by blanks; ids are any words. A
 * user may have one line in each file, or in one only. Items of both files make up the catalogue.
 */
import { readFile } from 'node:fs/promises';
import { SplitError } from './split-error.js';

export interface Split {
  /** Ids by index, in order of appearance: the train file first. */
  readonly userIds: readonly string[];
  readonly itemIds: readonly string[];
  /** Entry e says that user `users[e]` has item `items[e]`. */
  readonly train: Pairs;
  readonly test: Pairs;
}

export interface Pairs {
  readonly users: Int32Array;
  readonly items: Int32Array;
}

/** @throws SplitError */
export async function readSplit(files: { readonly train: string; readonly test: string }): Promise<Split> {
  const users = new Map<string, number>();
  const items = new Map<string, number>();
  const train = parse(await textOf(files.train), { file: files.train, users, items });
  const test = parse(await textOf(files.test), { file: files.test, users, items });
  if (train.users.length === 0) throw new SplitError('EMPTY_SPLIT', `${files.train} has no pair of a user and an item`);
  if (test.users.length === 0) throw new SplitError('EMPTY_SPLIT', `${files.test} has no pair of a user and an item`);
  return { userIds: [...users.keys()], itemIds: [...items.keys()], train, test };
}

interface Target {
  readonly file: string;
  readonly users: Map<string, number>;
  readonly items: Map<string, number>;
}

function parse(text: string, { file, users, items }: Target): Pairs {
  const pairs = { users: [] as number[], items: [] as number[] };
  const lineOf = new Map<number, number>();
  text.split('\n').forEach((line, at) => {
    const words = line.split(/\s+/).filter((word) => word !== '');
    if (words.length === 0) return;
    const bad = (what: string): SplitError => new SplitError('BAD_ROW', `${file}, line ${at + 1}: ${what}`);
    const user = indexOf(users, words[0]!);
    if (lineOf.has(user)) throw bad(`user "${words[0]}" has a line already, line ${lineOf.get(user)}`);
    lineOf.set(user, at + 1);
    const own = new Set<number>();
    for (const word of words.slice(1)) {
      if (!/^[\p{L}\p{N}_.:-]+$/u.test(word)) throw bad(`"${word}" is not an item id (letters, digits, _ . : -)`);
      const item = indexOf(items, word);
      if (own.has(item)) throw bad(`item "${word}" stands twice`);
      own.add(item);
      pairs.users.push(user);
      pairs.items.push(item);
    }
  });
  return { users: Int32Array.from(pairs.users), items: Int32Array.from(pairs.items) };
}

function indexOf(indexes: Map<string, number>, id: string): number {
  const known = indexes.get(id);
  if (known !== undefined) return known;
  indexes.set(id, indexes.size);
  return indexes.size - 1;
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    if (missing) throw new SplitError('FILE_NOT_FOUND', `there is no file ${file}`, { cause });
    throw new SplitError('UNREADABLE_FILE', `${file} can't be read: ${(cause as Error).message}`, { cause });
  }
}
