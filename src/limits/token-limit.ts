/** Refuses a document with too many tokens before it is parsed: Apollo itself could only say that it is not GraphQL. */
import { createHash } from 'node:crypto';
import { Lexer, Source, TokenKind } from 'graphql';
import { ApiError } from '../../resolvers/errors.js';

/** Long documents that are known to be short enough. */
const KNOWN = 10_000;

/** @returns throws ApiError TOO_MANY_TOKENS for a document with more than `most` tokens */
export function tokenLimit(most: number): (document: string) => void {
  const known = new Set<string>();
  return (document) => {
    // A token has at least one character.
    if (document.length <= most) return;
    const hash = createHash('sha1').update(document).digest('base64');
    if (known.has(hash)) return;
    if (hasMoreTokens(document, most)) {
      throw new ApiError('TOO_MANY_TOKENS', `the document has more than ${most} tokens, as many as are allowed`);
    }
    if (known.size >= KNOWN) known.clear();
    known.add(hash);
  };
}

function hasMoreTokens(text: string, most: number): boolean {
  const lexer = new Lexer(new Source(text));
  try {
    for (let count = 0; count <= most; count++) if (lexer.advance().kind === TokenKind.EOF) return false;
    return true;
  } catch {
    // Not GraphQL: the parser says where.
    return false;
  }
}
