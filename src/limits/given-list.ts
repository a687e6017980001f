/** What a field is given many of. */

interface ListArguments {
  readonly ids?: unknown;
  readonly representations?: unknown;
  readonly input?: unknown;
}

/** The ids, representations or entries of the input that a field is given; undefined where it is given no list. */
export function givenList({ ids, representations, input }: ListArguments): readonly unknown[] | undefined {
  const list = ids ?? representations ?? entriesOf(input);
  return Array.isArray(list) ? list : undefined;
}

/** The entries of a mutation's input. */
export function entriesOf(input: unknown): readonly unknown[] | undefined {
  return typeof input === 'object' && input !== null ? Object.values(input).find(Array.isArray) : undefined;
}
