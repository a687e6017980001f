import { tokenLimit } from '../../src/limits/token-limit.js';

const demand = tokenLimit({ maxTokens: 4, maxDocumentLength: 40 });

it('lets documents pass that are within both limits, again too', () => {
  for (let run = 0; run < 2; run++) {
    expect(() => demand('{ id }')).not.toThrow();
    expect(() => demand(`{ id } #${'x'.repeat(32)}`)).not.toThrow();
  }
});

it('refuses a document that has more tokens', () => {
  expect(() => demand('{ a b c d }')).toThrow(
    expect.objectContaining({
      code: 'TOO_MANY_TOKENS',
      message: 'the document has more than 4 tokens, as many as are allowed',
    }),
  );
});

it('refuses a longer document, however few its tokens are', () => {
  expect(() => demand(`{ id } #${'x'.repeat(33)}`)).toThrow(
    expect.objectContaining({
      code: 'DOCUMENT_TOO_LONG',
      message: 'the document has 41 characters; 40 are allowed: send long values as variables',
    }),
  );
});

it('leaves what is no GraphQL to the parser', () => {
  expect(() => demand('{ id "unended')).not.toThrow();
});
