import { given, percent, short, tick, time, whole } from '../../../src/evaluation/html/figures.js';

describe('figures', () => {
  it('are short where there is little room, and whole elsewhere', () => {
    expect([0, 999, 1_000, 1_249, 9_999, 12_345, 999_499, 999_500, 1_234_567].map(short)).toEqual([
      '0',
      '999',
      '1.0k',
      '1.2k',
      '10.0k',
      '12k',
      '999k',
      '1.0M',
      '1.2M',
    ]);
    expect([0, 999, 1_000, 1_234_567].map(whole)).toEqual(['0', '999', '1,000', '1,234,567']);
  });

  it('have a minus that is one', () => {
    expect([-0.30000000000000004, 0, 0.6000000000000001].map(tick)).toEqual(['−0.3', '0', '0.6']);
  });

  it('have the digits that say something', () => {
    expect([0.0181, 0.25].map(percent)).toEqual(['1.81 %', '25.0 %']);
    expect([1, 0.15, 0.005].map(given)).toEqual(['100 %', '15 %', '0.5 %']);
    expect([0, 61_000, 500].map(time)).toEqual(['1970-01-01 00:00', '1970-01-01 00:01:01', '1970-01-01 00:00:00.500']);
  });
});
