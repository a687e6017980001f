/** Which limits a document is beyond that need not keep to them: each once, by its code. */
import { type GraphQLSchema, validate, type ValidationRule } from 'graphql';
import { ApiError } from '../../resolvers/errors.js';
import { type TrustedDocument } from './trusted-table.js';

export type BeyondLimits = (document: TrustedDocument) => readonly ApiError[];

export interface BeyondLimitsParts {
  readonly schema: GraphQLSchema;
  /** The limits of what a document may look like; they report ApiErrors. */
  readonly rules: readonly ValidationRule[];
  /** @throws ApiError where a document must not even be parsed */
  readonly demandDocument: (document: string) => void;
}

export function beyondLimits({ schema, rules, demandDocument }: BeyondLimitsParts): BeyondLimits {
  return ({ text, document }) => {
    const problems = validate(schema, document, rules).filter((problem) => problem instanceof ApiError);
    try {
      demandDocument(text);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      problems.push(error);
    }
    return [...new Map(problems.map((problem) => [problem.code, problem])).values()];
  };
}
