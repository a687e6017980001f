/** What a document may look like, whatever it asks: checked once, when it is validated. */
import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import { type ASTVisitor, type ValidationContext, type ValidationRule } from 'graphql';
import { ApiError, type ErrorCode } from '../../resolvers/errors.js';

export interface DocumentLimits {
  readonly maxDepth: number;
  readonly maxAliases: number;
  readonly maxDirectives: number;
  /** Times that one selection set may name the same field. */
  readonly maxRepeats: number;
}

export function documentLimits({ maxDepth, maxAliases, maxDirectives, maxRepeats }: DocumentLimits): ValidationRule[] {
  const options = (n: number, code: ErrorCode, what: string) => ({
    n,
    propagateOnRejection: false,
    onReject: [
      (context: ValidationContext | null) => context?.reportError(new ApiError(code, `${what}; ${n} are allowed`)),
    ],
  });
  return [
    // Of introspection graphql-js itself limits the depth.
    (context) =>
      maxDepthRule({ ...options(maxDepth, 'TOO_DEEP', 'the document has too many levels'), flattenFragments: true })(
        context,
      ) as ASTVisitor,
    (context) =>
      maxAliasesRule({
        ...options(maxAliases, 'TOO_MANY_ALIASES', 'the document has too many aliases'),
        allowList: [],
      })(context) as ASTVisitor,
    (context) =>
      maxDirectivesRule(options(maxDirectives, 'TOO_MANY_DIRECTIVES', 'the document has too many directives'))(
        context,
      ) as ASTVisitor,
    repeatedFields(maxRepeats),
  ];
}

/** The same field again and again costs the server its merging, and the client nothing. */
function repeatedFields(most: number): ValidationRule {
  return (context) => ({
    SelectionSet({ selections }) {
      if (selections.length <= most) return;
      const times = new Map<string, number>();
      for (const selection of selections) {
        const name = selection.kind === 'Field' ? (selection.alias ?? selection.name).value : selection.kind;
        times.set(name, (times.get(name) ?? 0) + 1);
      }
      const [name, count] = [...times].sort((a, b) => b[1] - a[1])[0]!;
      if (count <= most) return;
      const message = `a selection names ${name} ${count} times; ${most} are allowed`;
      context.reportError(new ApiError('TOO_MANY_REPEATS', message));
    },
  });
}
