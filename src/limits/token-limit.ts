/**
 * Refuses a document that is too long, or has too many tokens, before it is parsed: Apollo itself could only say that it is not
 * GraphQL. A token may be as long as the document, so that counting them alone bounds no work.
 */
import { createHash } from 'node:crypto';
import { Lexer, Source, TokenKind } from 'graphql';
import { ApiError } from '../../resolvers/errors.js';

export interface DocumentSize {
  readonly maxTokens: number;
  /** Characters. */
  readonly maxDocumentLength: number;
}

/** Long documents that are known to be short enough. */
const KNOWN = 10_000;

/** @returns throws ApiError DOCUMENT_TOO_LONG, TOO_MANY_TOKENS */
export function tokenLimit({ maxTokens, maxDocumentLength }: DocumentSize): (document: string) => void {
  const known = new Set<string>();
  return (document) => {
    if (document.length > maxDocumentLength) {
      throw new ApiError(
        'DOCUMENT_TOO_LONG',
        `the document has ${document.length} characters; ${maxDocumentLength} are allowed: send long values as variables`,
      );
    }
    // A token has at least one character.
    if (document.length <= maxTokens) return;
    const hash = createHash('sha1').update(document).digest('base64');
    if (known.has(hash)) return;
    if (hasMoreTokens(document, maxTokens)) {
      throw new ApiError('TOO_MANY_TOKENS', `the document has more than ${maxTokens} tokens, as many as are allowed`);
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
