/** What ids and names in events must be, whoever brings them: clients and files are held to the same rules. */

export const MAX_ID_CHARACTERS = 256;
export const MAX_CONTEXT_CHARACTERS = 64;

/** Control characters, and halves of a surrogate pair, which UTF-8 can't write: different ids would become the same one. */
const REFUSED = /[\u0000-\u001f\u007f]|\p{Surrogate}/u;
const HALF_A_PAIR = /\p{Surrogate}/u;

/** What is wrong with the text, such as "is empty", or null. */
export function textProblem(text: string, mostCharacters: number): string | null {
  if (text.trim() === '') return 'is empty';
  if (text.length > mostCharacters) return `has ${text.length} characters; ${mostCharacters} are allowed`;
  if (!REFUSED.test(text)) return null;
  return isWellFormed(text) ? 'holds control characters' : 'is not well-formed Unicode';
}

export function isWellFormed(text: string): boolean {
  return !HALF_A_PAIR.test(text);
}
