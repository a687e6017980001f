/** How well an item's catalogue attributes match those of what was read last: equal values, an element of a list each for itself. */
import { comparedType } from '../../events/attribute-type.js';
import { type Attributes, type JsonValue } from '../../events/event.js';
import { type Feature, type Featurizer } from './feature.js';

export const attributeMatch: Featurizer = {
  features: () =>
    (
      [
        ['match_mean', 'Part of the reader’s last items with the same value, mean over the item’s attributes.'],
        ['match_best', 'The same for the attribute where it is highest.'],
        ['match_last', 'Part of the item’s attributes whose value the last item read has too.'],
      ] as const
    ).map(([name, description]): Feature => ({
      name,
      group: 'AFFINITY',
      unit: 'share',
      description,
      reason: { kind: 'ATTRIBUTES' },
    })),

  fill({ seeds }, { items }, { state: { items: catalogue } }, [mean, best, last]) {
    const names = [...catalogue.declaredTypes].flatMap(([name, type]) => (comparedType(type) === null ? [] : name));
    if (names.length === 0 || seeds.length === 0) return [mean, best, last].forEach((column) => column!.fill(NaN));
    const weights = seeds.reduce((sum, { weight }) => sum + weight, 0);
    const read = tastesOf(
      names,
      seeds.map(({ item, weight }) => [catalogue.attributesOf(item), weight / weights]),
    );
    const atLast = tastesOf(names, [[catalogue.attributesOf(seeds[0]!.item), 1]]);
    for (let row = 0; row < items.length; row++) {
      const attributes = catalogue.attributesOf(items[row]!);
      let [count, sum, highest, equal] = [0, 0, 0, 0];
      names.forEach((name, at) => {
        const values = valuesOf(attributes, name);
        if (values.length === 0) return;
        const match = matchOf(values, read[at]!);
        count++;
        sum += match;
        highest = Math.max(highest, match);
        equal += matchOf(values, atLast[at]!);
      });
      mean![row] = count === 0 ? NaN : sum / count;
      best![row] = count === 0 ? NaN : highest;
      last![row] = count === 0 ? NaN : equal / count;
    }
  },
};

/** For each attribute the weight of what was read that has a value, by value. */
type Tastes = readonly ReadonlyMap<JsonValue, number>[];

function tastesOf(names: readonly string[], read: readonly (readonly [Attributes, number])[]): Tastes {
  return names.map((name) => {
    const taste = new Map<JsonValue, number>();
    for (const [attributes, weight] of read) {
      for (const value of valuesOf(attributes, name)) taste.set(value, (taste.get(value) ?? 0) + weight);
    }
    return taste;
  });
}

function valuesOf(attributes: Attributes, name: string): readonly JsonValue[] {
  const value = attributes[name];
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** Mean over the values of an attribute. */
function matchOf(values: readonly JsonValue[], taste: ReadonlyMap<JsonValue, number>): number {
  let sum = 0;
  for (const value of values) sum += taste.get(value) ?? 0;
  return sum / values.length;
}
