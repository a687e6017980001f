import { seededRandom } from '../../../src/math/random.js';
import { crossEntropyNdcg } from '../../../src/training/ranker/cross-entropy-ndcg.js';
import { initialScore, logLoss } from '../../../src/training/ranker/log-loss.js';

const scores = Float64Array.of(0.3, -1.2, 2, 0);
const labels = Uint8Array.of(1, 0, 0, 2);

describe('logLoss', () => {
  it('fills in the derivatives of the loss', () => {
    const out = new Float32Array(8);
    logLoss({ scores, labels, weight: 2 }, out);
    const loss = (score: number, label: number): number => 2 * Math.log(1 + Math.exp(label > 0 ? -score : score));
    scores.forEach((score, row) => {
      const [h, label] = [1e-4, labels[row]!];
      const [below, at, above] = [loss(score - h, label), loss(score, label), loss(score + h, label)];
      expect(out[2 * row]).toBeCloseTo((above - below) / (2 * h), 5);
      expect(out[2 * row + 1]).toBeCloseTo((above - 2 * at + below) / (h * h), 4);
    });
  });

  it('starts from the log odds of a relevant row by weight, and from a number where all are alike', () => {
    const starts = Int32Array.of(0, 2, 4);
    expect(initialScore(labels, Float32Array.of(1, 1), starts)).toBeCloseTo(0, 12);
    expect(initialScore(Uint8Array.of(1, 1, 0, 0), Float32Array.of(3, 1), starts)).toBeCloseTo(Math.log(3), 6);
    expect(initialScore(new Uint8Array(4), Float32Array.of(1, 1), starts)).toBeCloseTo(Math.log(1e-9), 6);
  });
});

describe('crossEntropyNdcg', () => {
  /** By the lines of LightGBM's rank_xendcg, with one uniform number for each row. */
  function reference(uniform: readonly number[]): [number, number][] {
    const exps = [...scores].map(Math.exp);
    const rho = exps.map((value) => value / exps.reduce((sum, other) => sum + other, 0));
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
    const phi = [...labels].map((label, row) => 2 ** label - uniform[row]!);
    const first = rho.map((value, row) => value - phi[row]! / sum(phi));
    const one = first.map((value, row) => value / (1 - rho[row]!));
    const second = rho.map((value, row) => value * (sum(one) - one[row]!));
    const two = second.map((value, row) => value / (1 - rho[row]!));
    const third = rho.map((value, row) => value * (sum(two) - two[row]!));
    return rho.map((value, row) => [first[row]! + second[row]! + third[row]!, value * (1 - value)]);
  }

  it('fills in the derivatives with their correction, the draws by seed', () => {
    const out = new Float32Array(8);
    crossEntropyNdcg({ scores, labels, weight: 0.5 }, [4, 7], out);
    const random = seededRandom(4, 7);
    reference([...scores].map(() => random.next())).forEach(([gradient, hessian], row) => {
      expect(out[2 * row]).toBeCloseTo(0.5 * gradient, 6);
      expect(out[2 * row + 1]).toBeCloseTo(0.5 * hessian, 6);
    });
  });

  it('stays finite where one row has all of the softmax', () => {
    const out = new Float32Array(4);
    crossEntropyNdcg({ scores: Float64Array.of(900, 0), labels: Uint8Array.of(0, 1), weight: 1 }, [1], out);
    expect(out.every(Number.isFinite)).toBe(true);
    expect(Math.max(...out.map(Math.abs))).toBeLessThan(10);
  });
});
