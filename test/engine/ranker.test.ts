import { type Candidates } from '../../src/engine/candidate.js';
import { type ResolvedQuery } from '../../src/engine/query.js';
import { rank } from '../../src/engine/ranker.js';
import { type World } from '../../src/engine/source.js';

const candidates: Candidates = { count: 2, items: Int32Array.of(5, 6), scores: [], ranks: [] };
const rankBy = (...scores: number[]): Float64Array =>
  rank({ name: 'given', score: () => Float64Array.from(scores) }, {} as ResolvedQuery, candidates, {} as World);

describe('rank', () => {
  it('gives the ranker’s scores as they are', () => {
    expect([...rankBy(0.5, NaN)]).toEqual([0.5, NaN]);
  });

  it('throws where a ranker gives more or fewer scores than there are candidates', () => {
    expect(() => rankBy(1, 2, 3)).toThrow('ranker "given" returned 3 scores for 2 candidates');
    expect(() => rankBy(1)).toThrow('ranker "given" returned 1 scores for 2 candidates');
  });
});
