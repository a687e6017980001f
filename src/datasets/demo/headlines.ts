/** Headlines of the demo site: an angle of the section, filled with the thread's subject and place. */
import { type Random } from '../../math/random.js';
import { VOCABULARY } from './vocabulary.js';
import { type Section } from './sections.js';

export interface Story {
  readonly section: Section;
  readonly subject: string;
  readonly place: string;
  /** Which angle the story's first article takes; the next articles take the next ones. */
  readonly firstAngle: number;
  /** Its first article is breaking news. */
  readonly breaking: boolean;
}

/** The headline of part `part`, counted from 0, of a story. Parts of one story have different angles. */
export function headline(random: Random, story: Story, part: number): string {
  const few = 3 + random.below(7);
  const many = 12 + random.below(79);
  const filled = angleOf(story, part)
    .replace('{subject}', story.subject)
    .replace('{place}', story.place)
    .replace('{few}', String(few))
    .replace('{many}', String(many));
  return filled.charAt(0).toUpperCase() + filled.slice(1);
}

function angleOf({ section, firstAngle, breaking }: Story, part: number): string {
  const vocabulary = VOCABULARY[section];
  const angles = breaking && part === 0 ? vocabulary.breaking : vocabulary.angles;
  return angles[(firstAngle + part) % angles.length]!;
}

/** A phrase as a tag: `hay fever clinic` -> `hay-fever-clinic`. */
export function tagOf(phrase: string): string {
  return phrase.toLowerCase().replace(/ /g, '-');
}
