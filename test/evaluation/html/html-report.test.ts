import { type Evaluation } from '../../../src/evaluation/evaluate.js';
import { htmlReport } from '../../../src/evaluation/html/html-report.js';
import { difficultLog, evaluated } from '../../support/replay.js';
import { click, NOON } from '../../support/state.js';

const ATTACK = '"><script>alert(1)</script>';

async function small(): Promise<Evaluation> {
  const context = { region: ATTACK };
  const events = [...difficultLog(2, 80), ...['x', 'y', 'z'].map((user) => click(user, 'i1', 900, { context }))];
  return evaluated(events, { to: NOON + 100 * 3_600_000 });
}

const count = (text: string, part: RegExp): number => text.match(part)?.length ?? 0;

describe('htmlReport', () => {
  let report: Evaluation;
  let page: string;
  beforeAll(async () => {
    report = await small();
    page = htmlReport(report);
  });

  it('stands alone: no script, no address, nothing to load', () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|https?:|\bsrc=/i);
  });

  it('escapes what comes from data, in text and in attributes', () => {
    expect(page).toContain('&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;');
    const scenario = htmlReport({ ...report, scenario: '<b>&\'"', snapshots: { '<i>\u0000': 1 } });
    expect(scenario).toContain('&lt;b&gt;&amp;&#39;&quot;');
    expect(scenario).toContain('&lt;i&gt;\ufffd (1)');
  });

  it('has every figure of every system and slice, with its interval', () => {
    for (const { n, systems } of Object.values(report.slices)) {
      if (n === 0) continue;
      for (const [name, { hr, ndcg, hrInterval }] of Object.entries(systems)) {
        expect(page).toContain(`<th scope="row">${name}</th>`);
        expect(page).toContain(hr.toFixed(4));
        expect(page).toContain(ndcg.toFixed(4));
        expect(page).toContain(`${hrInterval.low.toFixed(4)}–${hrInterval.high.toFixed(4)}`);
      }
    }
  });

  it('gives every drawing a text alternative and the same figures as a table', () => {
    const drawings = count(page, /<svg /g);
    expect(drawings).toBe(4 * 2 + 4 + 1);
    expect(count(page, /role="img" aria-labelledby="[\w-]+-title [\w-]+-about"/g)).toBe(drawings);
    expect(count(page, /<desc id="[\w-]+-about">[^<]{20,}<\/desc>/g)).toBe(drawings);
    expect(count(page, /<details>/g)).toBe(drawings);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('opens and closes every element', () => {
    for (const name of [
      'section',
      'figure',
      'figcaption',
      'svg',
      'table',
      'tbody',
      'tr',
      'th',
      'td',
      'text',
      'div',
      'p',
    ]) {
      expect([name, count(page, new RegExp(`<${name}[ >]`, 'g'))]).toEqual([
        name,
        count(page, new RegExp(`</${name}>`, 'g')),
      ]);
    }
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });

  it('draws the oracle where there is one', async () => {
    expect(page).not.toContain('oracle');
    const oracle = { name: 'oracle', best: () => [] };
    const events = difficultLog(2, 40);
    expect(htmlReport(await evaluated(events, { to: NOON, baselines: [oracle] }))).toContain('class="s5 mark');
  });

  it('is the same for the same evaluation', () => {
    expect(htmlReport(report)).toBe(page);
  });

  it('says so where nothing was judged', async () => {
    const empty = htmlReport(await evaluated(difficultLog(2, 20), { from: 0, to: 1 }));
    expect(empty).toContain('No click of this window was judged');
    expect(empty).not.toMatch(/NaN|Infinity|<svg/);
  });
});
