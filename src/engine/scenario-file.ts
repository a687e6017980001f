/** Scenarios as operators write them: JSON objects that give a name and what differs from the default scenario. */
import { BUILT_IN_SCENARIOS, type AttributeCap, type Scenario, type SourceWeights } from './scenario.js';

const SEGMENTS = ['COLD', 'WARM'] as const;
const FIELDS = ['name', 'weights', 'quotas', 'diversity'];

/**
 * The built-in scenarios and those given; one of the same name takes the built-in's place.
 * @throws Error that names the scenario, the field and what is allowed
 */
export function parseScenarios(given: unknown): readonly Scenario[] {
  if (!Array.isArray(given)) throw new Error('expected a list of scenarios');
  const own = given.map((one: unknown, index) => parseScenario(one, `scenario ${index}`));
  const names = new Set(own.map(({ name }) => name));
  return [...BUILT_IN_SCENARIOS.filter(({ name }) => !names.has(name)), ...own];
}

function parseScenario(given: unknown, where: string): Scenario {
  const fields = recordOf(given, where, FIELDS);
  const { name } = fields;
  if (typeof name !== 'string' || !/^[\w-]{1,64}$/.test(name)) {
    throw new Error(`${where}: name must be 1 to 64 letters, digits, "_" or "-"`);
  }
  const base = BUILT_IN_SCENARIOS[0]!;
  const weights = recordOf(fields['weights'] ?? {}, `${name}.weights`, SEGMENTS);
  const weightsOf = (segment: (typeof SEGMENTS)[number]): SourceWeights =>
    numbers(base.weights[segment], weights[segment], `${name}.weights.${segment}`, { least: 0, most: 1 });
  return {
    name,
    fitted: fields['weights'] === undefined,
    weights: { COLD: weightsOf('COLD'), WARM: weightsOf('WARM') },
    quotas: numbers(base.quotas, fields['quotas'], `${name}.quotas`, { least: 1, most: 1_000 }),
    diversity: parseDiversity(fields['diversity'], base.diversity, `${name}.diversity`),
  };
}

function parseDiversity(given: unknown, base: Scenario['diversity'], where: string): Scenario['diversity'] {
  const fields = recordOf(given ?? {}, where, ['lambda', 'attributes', 'caps']);
  const { lambda } = numbers({ lambda: base.lambda }, { lambda: fields['lambda'] ?? base.lambda }, where, {
    least: 0,
    most: 1,
  });
  const attributes = fields['attributes'] ?? base.attributes;
  if (!Array.isArray(attributes) || attributes.some((name) => typeof name !== 'string')) {
    throw new Error(`${where}.attributes must be a list of attribute names`);
  }
  const caps = fields['caps'] ?? base.caps;
  if (!Array.isArray(caps)) throw new Error(`${where}.caps must be a list`);
  return { lambda, attributes: attributes as string[], caps: caps.map((cap) => parseCap(cap, `${where}.caps`)) };
}

function parseCap(given: unknown, where: string): AttributeCap {
  const { attribute, ...rest } = recordOf(given, where, ['attribute', 'most', 'within']);
  if (typeof attribute !== 'string') throw new Error(`${where}: attribute must be a name`);
  const { most, within } = numbers({ most: 1, within: 10 }, rest, where, { least: 1, most: 100 });
  return { attribute, most, within };
}

/** The defaults, overridden by what is given; every number within the limits. */
function numbers<Names extends string>(
  defaults: Readonly<Record<Names, number>>,
  given: unknown,
  where: string,
  { least, most }: { least: number; most: number },
): Record<Names, number> {
  const fields = recordOf(given ?? {}, where, Object.keys(defaults));
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value !== 'number' || !(value >= least && value <= most)) {
      throw new Error(`${where}.${name} must be a number from ${least} to ${most}`);
    }
  }
  return { ...defaults, ...fields } as Record<Names, number>;
}

function recordOf(given: unknown, where: string, allowed: readonly string[]): Record<string, unknown> {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new Error(`${where} must be an object`);
  const unknown = Object.keys(given).find((name) => !allowed.includes(name));
  if (unknown !== undefined) throw new Error(`${where}: unknown field "${unknown}"; allowed are ${allowed.join(', ')}`);
  return given as Record<string, unknown>;
}
