/** The newsroom of the demo site: forty invented authors, each at home in one section or two. */
import { seededRandom } from '../../math/random.js';
import { logNormal } from './draw.js';
import { SECTIONS, type Section } from './sections.js';
import { STREAM } from './streams.js';

export interface Author {
  /** Place in the list of authors. */
  readonly number: number;
  readonly name: string;
  readonly sections: readonly Section[];
  /** Multiplies the appeal of what this author writes; median 1. */
  readonly appeal: number;
}

const GIVEN_NAMES = ['Tova', 'Ilan', 'Maren', 'Oswin', 'Petra', 'Rafi', 'Sunniva', 'Teodor'];
const FAMILY_NAMES = ['Ashgrove', 'Brindlemoor', 'Quillan-Roe', 'Farthingwold', 'Lindqvale'];
const SECOND_SECTION_SHARE = 0.5;
const APPEAL_SIGMA = 0.4;

/** The authors of the seed's world. Every section has at least five. */
export function createAuthors(seed: number): readonly Author[] {
  return Array.from({ length: GIVEN_NAMES.length * FAMILY_NAMES.length }, (_, index) => {
    const random = seededRandom(seed, STREAM.authors, index);
    const first = index % SECTIONS.length;
    const second = (first + 1 + random.below(SECTIONS.length - 1)) % SECTIONS.length;
    const both = random.next() < SECOND_SECTION_SHARE;
    const family = Math.floor(index / GIVEN_NAMES.length);
    const given = (index + 3 * family) % GIVEN_NAMES.length;
    return {
      number: index,
      name: `${GIVEN_NAMES[given]} ${FAMILY_NAMES[family]}`,
      sections: both ? [SECTIONS[first]!, SECTIONS[second]!] : [SECTIONS[first]!],
      appeal: logNormal(random, APPEAL_SIGMA),
    };
  });
}
