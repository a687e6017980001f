import { kindOf, likingOf, type Kind, type Reading } from '../../../src/datasets/demo/liking.js';

const PIECE: Kind = { section: 'science', words: 600, premium: false, region: undefined };
const EVEN: Reading = {
  taste: new Float64Array(8).fill(1 / 8),
  device: undefined,
  region: undefined,
  subscriber: false,
};

function liking(reading: Partial<Reading>, piece: Partial<Kind>): number {
  return likingOf({ ...EVEN, ...reading })[kindOf({ ...PIECE, ...piece })]!;
}

describe('likingOf', () => {
  it('is 1 for a person of even taste and a free piece of middle length', () => {
    expect(liking({}, {})).toBe(1);
  });

  it('grows in proportion to the taste for the section', () => {
    const taste = new Float64Array(8);
    taste[3] = 0.75;
    taste[5] = 0.25;
    expect(liking({ taste }, { section: 'science' })).toBe(6);
    expect(liking({ taste }, { section: 'sport' })).toBe(2);
    expect(liking({ taste }, { section: 'health' })).toBe(0);
  });

  it('prefers short pieces on a phone and long ones on a desktop or tablet', () => {
    const preference = (device: string): number =>
      liking({ device }, { words: 1500 }) / liking({ device }, { words: 200 });
    expect(preference('phone')).toBeLessThan(1);
    expect(preference('desktop')).toBeGreaterThan(1);
    expect(preference('tablet')).toBeGreaterThan(1);
    expect(preference('toaster')).toBe(1);
  });

  it('sends subscribers to premium pieces and others away', () => {
    expect(liking({ subscriber: true }, { premium: true })).toBeGreaterThan(1);
    expect(liking({ subscriber: false }, { premium: true })).toBeLessThan(1);
  });

  it('prefers stories of home to those of elsewhere', () => {
    expect(liking({ region: 'highfell' }, { region: 'highfell' })).toBeGreaterThan(1);
    expect(liking({ region: 'highfell' }, { region: 'vinedale' })).toBeLessThan(1);
    expect(liking({ region: undefined }, { region: 'vinedale' })).toBeLessThan(1);
  });
});
