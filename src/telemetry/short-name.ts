/** Names of operations as logs, audit and metrics tell them: clients may name theirs as they like, and as long. */

/** Characters told of a name at most. */
const MOST = 100;

/** The name, or its beginning and an ellipsis. */
export function shortName(name: string | null | undefined): string | null {
  if (name == null) return null;
  return name.length <= MOST ? name : `${name.slice(0, MOST)}…`;
}
