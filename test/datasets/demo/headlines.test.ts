import { headline, tagOf } from '../../../src/datasets/demo/headlines.js';
import { SECTIONS } from '../../../src/datasets/demo/sections.js';
import { VOCABULARY } from '../../../src/datasets/demo/vocabulary.js';
import { seededRandom } from '../../../src/math/random.js';

const STORY = { section: 'sport', subject: 'regatta', place: 'Skarra', firstAngle: 0, breaking: false } as const;

describe('headline', () => {
  it('names the subject and the place of its story, under every angle of every section', () => {
    for (const section of SECTIONS) {
      const { angles, breaking } = VOCABULARY[section];
      for (const angle of [...angles, ...breaking]) {
        expect(angle).toContain('{subject}');
        expect(angle).toContain('{place}');
      }
    }
  });

  it('fills every blank and begins with a capital or a number', () => {
    for (const section of SECTIONS) {
      for (let part = 0; part < 14; part += 1) {
        for (const breaking of [true, false]) {
          const title = headline(seededRandom(part), { ...STORY, section, breaking }, part);
          expect(title).not.toMatch(/[{}]/);
          expect(title).toMatch(/^[A-Z0-9]/);
        }
      }
    }
  });

  it('takes another angle for each part of a story', () => {
    const titles = Array.from({ length: 6 }, (_, part) => headline(seededRandom(1), STORY, part));
    expect(new Set(titles).size).toBe(6);
  });

  it('words only the first part of a breaking story as breaking news', () => {
    const story = { ...STORY, breaking: true };
    expect(headline(seededRandom(1), story, 0)).toBe('Live: Skarra regatta abandoned as stand collapses');
    expect(headline(seededRandom(1), story, 1)).toBe('Regatta: Skarra stun the favourites');
  });

  it('makes tags of phrases', () => {
    expect(tagOf('Port Ellin')).toBe('port-ellin');
  });
});
