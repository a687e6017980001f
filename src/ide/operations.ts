/** The documented operations with variables that mean something here: a reader and an item of the data being served. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Kind, parse, print, type TypeNode } from 'graphql';
import { type LiveState } from '../state/live-state.js';

/** From dist/src/ide to the package's root. */
const FOLDER = join(__dirname, '../../../test/operations');
/** The one that a newcomer should see first. */
const FIRST = 'RecommendationsForUser.graphql';

export interface ExampleOperation {
  readonly query: string;
  readonly variables: string;
}

/** Every documented operation, the first one first, then by name. */
export async function documentedOperations(state: LiveState): Promise<readonly ExampleOperation[]> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.graphql')).sort();
  const ordered = [...files.filter((file) => file === FIRST), ...files.filter((file) => file !== FIRST)];
  const examples = exampleValues(state);
  return Promise.all(
    ordered.map(async (file) => {
      const query = (await readFile(join(FOLDER, file), 'utf8')).trim();
      return { query, variables: JSON.stringify(variablesOf(query, examples), null, 2) };
    }),
  );
}

/** Values by the name of a variable, or of the input field that holds them. */
function exampleValues(state: LiveState): ReadonlyMap<string, unknown> {
  const { items, popularity, users } = state;
  const [popular, other] = popularity.global?.best(1, 2) ?? [];
  const [reader, visitor] = users.mostRecent(2);
  const item = popular === undefined ? 'article-1' : items.id(popular);
  const userId = reader ?? 'reader-1';
  return new Map<string, unknown>([
    ['userId', userId],
    ['userIds', [userId, visitor ?? 'reader-2']],
    ['itemId', item],
    ['otherItemId', other === undefined ? 'article-2' : items.id(other)],
    ['first', 10],
  ]);
}

function variablesOf(query: string, examples: ReadonlyMap<string, unknown>): Record<string, unknown> {
  const variables: Record<string, unknown> = {};
  for (const definition of parse(query).definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    for (const { variable, type, defaultValue } of definition.variableDefinitions ?? []) {
      const name = variable.name.value;
      if (examples.has(name)) variables[name] = examples.get(name);
      else if (isRequired(type) && defaultValue === undefined) variables[name] = print(type);
    }
  }
  return variables;
}

function isRequired(type: TypeNode): boolean {
  return type.kind === Kind.NON_NULL_TYPE;
}
