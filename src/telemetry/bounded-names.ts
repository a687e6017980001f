/** Names of operations as labels of metrics: the first so many that succeeded, for clients may name theirs as they like. */
const ANONYMOUS = 'anonymous';
const OTHER = 'other';

/** The name of an operation as it is told; null: it has none. */
export type NameOf = (name: string | null, succeeded: boolean) => string;

/** @param most names that are told apart */
export function boundedNames(most: number): NameOf {
  const known = new Set<string>();
  return (name, succeeded) => {
    if (name === null) return ANONYMOUS;
    if (known.has(name)) return name;
    if (!succeeded || known.size >= most) return OTHER;
    known.add(name);
    return name;
  };
}
