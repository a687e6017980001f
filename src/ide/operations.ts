/** The documented operations with variables that mean something here: a reader and an item of the data being served. */
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { Kind, parse, print } from 'graphql';
import { type LiveState } from '../state/live-state.js';

/** In the package's root, which is one folder higher where this is built. */
const FOLDER = join(__dirname, extname(__filename) === '.ts' ? '../..' : '../../..', 'test/operations');
const EXTENSION = '.graphql';
/** What a newcomer should see first, in this order; the others follow by name. */
const FIRST = ['RecommendationsForUser', 'WhyTheseItems', 'ClickAndSee', 'ColdContext'];
/** A reader with a history tells more than one who has just come. */
const RECENT = 200;

export interface ExampleOperation {
  readonly query: string;
  readonly variables: string;
}

/** @param state whose readers and items stand in the variables; null: made-up ones, for whoever may not see those */
export async function documentedOperations(state: LiveState | null): Promise<readonly ExampleOperation[]> {
  const names = (await readdir(FOLDER))
    .filter((file) => file.endsWith(EXTENSION))
    .map((file) => file.slice(0, -EXTENSION.length));
  const place = (name: string): number => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  const ordered = names.sort((a, b) => place(a) - place(b) || a.localeCompare(b));
  const examples = exampleValues(state);
  return Promise.all(
    ordered.map(async (name) => {
      const query = (await readFile(join(FOLDER, name + EXTENSION), 'utf8')).trim();
      return { query, variables: JSON.stringify(variablesOf(query, examples), null, 2) };
    }),
  );
}

/** The texts of all documented operations. */
export async function documentedTexts(): Promise<readonly string[]> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith(EXTENSION)).sort();
  return Promise.all(files.map((file) => readFile(join(FOLDER, file), 'utf8')));
}

/** Of the readers who were active last, the one who did most; null in an empty state. */
export function exampleReader({ users, position }: LiveState): string | null {
  const recent = users.read(users.mostRecent(RECENT), position).filter((user) => user !== null);
  const [best] = recent.sort((a, b) => b.history.length - a.history.length);
  return best?.userId ?? null;
}

/** Values by the name of a variable or, for inputs, of its type. */
function exampleValues(state: LiveState | null): Readonly<Record<string, unknown>> {
  const popular = state?.popularity.global?.best(1, 1)[0];
  const itemId = popular === undefined ? 'article-1' : state!.items.id(popular);
  const userId = (state && exampleReader(state)) ?? 'reader-1';
  const context = { device: 'phone', referrer: 'search' };
  return {
    userId,
    itemId,
    context,
    first: 10,
    userIds: [userId, ...(state?.users.mostRecent(2) ?? ['reader-2'])],
    fromUserId: 'anonymous-1',
    intoUserId: userId,
    filter: { excludeItems: popular === undefined ? [] : [itemId] },
    RecordInteractionsInput: { interactions: [{ userId: 'anonymous-1', itemId, type: 'CLICK', context }] },
    UpsertItemsInput: { items: [{ id: 'my-first-item', attributes: { title: 'My first item' } }] },
    UpsertUserProfilesInput: { profiles: [{ userId: 'anonymous-1', context }] },
  };
}

function variablesOf(query: string, examples: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const variables: Record<string, unknown> = {};
  for (const definition of parse(query).definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    for (const { variable, type } of definition.variableDefinitions ?? []) {
      const value = examples[variable.name.value] ?? examples[print(type).replace('!', '')];
      if (value !== undefined) variables[variable.name.value] = value;
    }
  }
  // An erasure should be meant.
  return query.includes('forgetUser') ? { userId: 'anonymous-1' } : variables;
}
