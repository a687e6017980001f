/** Saving and reading back one part of the state without a file: sections in memory, copied on the way in and out. */
import { type NumberArray } from '../../src/math/grow.js';
import { type Saved } from '../../src/state/sections.js';

/** `into`, an empty part made like `part`, once it has read what `part` saves. */
export function reloaded<Part extends Saved>(part: Part, into: Part): Part {
  const arrays = new Map<string, NumberArray>();
  const texts = new Map<string, string>();
  part.save({
    array: (name, values) => arrays.set(name, values.slice()),
    json: (name, value) => texts.set(name, JSON.stringify(value)),
  });
  into.load({
    array: <A extends NumberArray>(name: string) => arrays.get(name)!.slice() as A,
    json: <T>(name: string) => JSON.parse(texts.get(name)!) as T,
  });
  return into;
}
