import { evaluationTable } from '../../src/evaluation/table.js';
import { evaluated } from '../support/replay.js';
import { click, NOON } from '../support/state.js';

describe('evaluationTable', () => {
  it('says what was judged, then each slice, the differences, the ablation and the speed', async () => {
    const report = await evaluated([click('a', 'x', 0), click('b', 'x', 1), click('b', 'x', 2)], {
      from: NOON,
      to: NOON + 3_600_000,
    });
    const lines = evaluationTable(report);
    expect(lines.slice(0, 2)).toEqual([
      '2 lists of 10, for 100 % of the clicks from 2026-01-05T12:00:00.000Z to 2026-01-05T13:00:00.000Z',
      'not judged: 1 on items read before; judged as misses: 1 on items not in the catalogue yet',
    ]);
    expect(lines).toEqual(
      expect.arrayContaining([
        'all clicks: 2 of 2 users',
        'cold session starts: 2 of 2 users',
        'warm session starts: 0 of 0 users',
        'next clicks: 0 of 0 users',
        'ensemble less each other system, all clicks:',
        'blend without one source, all clicks, HR lost:',
      ]),
    );
    const row = lines.find((line) => line.startsWith('  livePopularity'))!;
    expect(row.split(/\s+/).slice(1, 5)).toEqual(['livePopularity', '0.5000', '0.0000–1.0000', '0.5000']);
    expect(lines.filter((line) => line.includes('HR@10'))).toHaveLength(4);
    expect(lines.at(-1)).toMatch(/^folded \d+ events in .* s \(\d+\/s\), made and judged 2 lists in .* s \(\d+\/s\)$/);
  });

  it('writes differences with their signs', async () => {
    const report = await evaluated([click('a', 'x', 0), click('b', 'x', 1)]);
    const pair = { hr: { mean: -0.5, low: -1, high: 0.25 }, ndcg: { mean: 0, low: 0, high: 0 } };
    const all = { ...report.differences.all, ensembleOver: { other: pair } };
    const lines = evaluationTable({
      ...report,
      window: { ...report.window, to: NOON },
      differences: { ...report.differences, all },
    });
    expect(lines).toContain('  other            HR −0.5000 (−1.0000 to +0.2500)   NDCG +0.0000 (+0.0000 to +0.0000)');
  });
});
