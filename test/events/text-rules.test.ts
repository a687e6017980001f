import { isWellFormed, textProblem } from '../../src/events/text-rules.js';

describe('textProblem', () => {
  it.each([
    ['', 'is empty'],
    [' \t', 'is empty'],
    ['abcd', 'has 4 characters; 3 are allowed'],
    ['a\nb', 'holds control characters'],
    ['a\u007f', 'holds control characters'],
    ['\ud800', 'is not well-formed Unicode'],
    ['a\udc00', 'is not well-formed Unicode'],
    ['\udc00\ud800', 'is not well-formed Unicode'],
  ])('says what is wrong with %j', (text, problem) => {
    expect(textProblem(text, 3)).toBe(problem);
  });

  it.each(['a', 'é', '\u{1f600}', 'a b'])('takes %s', (text) => {
    expect(textProblem(text, 3)).toBeNull();
    expect(isWellFormed(text)).toBe(true);
  });
});
