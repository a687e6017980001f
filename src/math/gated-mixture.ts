/**
 * Maximum likelihood weights of a mixture whose parts speak up to a degree that differs from row to row: the probability of
 * row r is Σ w·g·p / Σ w·g over the parts, with gate g and probability p. Minorisation-maximisation (Hunter 2004, for the
 * normaliser; with all gates equal it is EM for mixture weights, Dempster et al. 1977): the likelihood never falls.
 */

export interface MixtureRows {
  readonly parts: number;
  /** Row-major, rows x parts. Rows that no part gives a probability to are passed over. */
  readonly probabilities: Float64Array;
  /** Row-major, rows x parts, 0 to 1; null: all parts speak in full. */
  readonly gates: Float64Array | null;
}

export interface MixtureFit {
  /** Positive or 0, adding up to 1. */
  readonly weights: Float64Array;
  /** Mean log-likelihood of the rows that count, before each step. */
  readonly likelihoods: readonly number[];
}

const STEPS = 300;
/** Smallest gain in mean log-likelihood that is worth another step. */
const GAIN = 1e-6;

/** Fits from equal weights, until the likelihood stands. Without any row the weights stay equal. */
export function fitGatedMixture({ parts, probabilities, gates }: MixtureRows): MixtureFit {
  const rows = parts === 0 ? 0 : probabilities.length / parts;
  let weights = new Float64Array(parts).fill(1 / parts);
  const likelihoods: number[] = [];
  for (let step = 0; step < STEPS; step++) {
    const taken = new Float64Array(parts);
    const offered = new Float64Array(parts);
    let likelihood = 0;
    let counted = 0;
    for (let row = 0; row < rows; row++) {
      const start = row * parts;
      let mass = 0;
      let speaking = 0;
      for (let part = 0; part < parts; part++) {
        const gated = weights[part]! * (gates === null ? 1 : gates[start + part]!);
        mass += gated * probabilities[start + part]!;
        speaking += gated;
      }
      if (!(mass > 0)) continue;
      counted++;
      likelihood += Math.log(mass / speaking);
      for (let part = 0; part < parts; part++) {
        const gate = gates === null ? 1 : gates[start + part]!;
        taken[part]! += (gate * probabilities[start + part]!) / mass;
        offered[part]! += gate / speaking;
      }
    }
    if (counted === 0) return { weights, likelihoods };
    likelihoods.push(likelihood / counted);
    const before = likelihoods.at(-2);
    if (before !== undefined && likelihoods.at(-1)! - before < GAIN) break;
    weights = normalised(
      weights.map((weight, part) => (offered[part] === 0 ? 0 : (weight * taken[part]!) / offered[part]!)),
    );
  }
  return { weights, likelihoods };
}

function normalised(weights: Float64Array): Float64Array<ArrayBuffer> {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return Float64Array.from(weights, (weight) => weight / sum);
}
