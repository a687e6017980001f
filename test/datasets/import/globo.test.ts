import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type InteractionEvent } from '../../../src/events/event.js';
import { readEvents } from '../../../src/datasets/import/read-events.js';
import { NOW, readAll, SampleFiles } from './sample-files.js';

const files = new SampleFiles();
afterAll(() => files.remove());

const CLICKS = join(__dirname, '../../../../shared/data/globo/clicks.parquet');

const EVENTS: InteractionEvent[] = [
  {
    kind: 'interaction',
    userId: '0',
    itemId: '68866',
    type: 'CLICK',
    at: 1_506_826_800_026,
    sessionId: '1506825423271737',
    context: { device: '3', os: '20', country: '1', region: '21', referrer: '2' },
  },
];
const COLUMNS = {
  user_id: '0',
  session_id: '1506825423271737',
  session_start: '1506825423000',
  session_size: '2',
  click_article_id: '68866',
  click_timestamp: '1506826800026',
  click_environment: '4',
  click_deviceGroup: '3',
  click_os: '20',
  click_country: '1',
  click_region: '21',
  click_referrer_type: '2',
};

describe('format globo', () => {
  it('reads clicks of Parquet, with codes as strings', async () => {
    const columns = Object.entries(COLUMNS).map(([name, value]) => `${value} AS ${name}`);
    const file = await files.parquet('clicks.parquet', `SELECT ${columns.join(', ')}`);
    expect((await readAll({ file, format: 'globo', kind: 'interactions' })).events).toEqual(EVENTS);
  });

  it('reads clicks of CSV', async () => {
    const file = files.write('clicks.csv', `${Object.keys(COLUMNS).join(',')}\n${Object.values(COLUMNS).join(',')}\n`);
    expect((await readAll({ file, format: 'globo', kind: 'interactions' })).events).toEqual(EVENTS);
  });

  it('takes a click before March 1973 in milliseconds like any other', async () => {
    const old = { ...COLUMNS, click_timestamp: '1000' };
    const file = files.write('old.csv', `${Object.keys(old).join(',')}\n${Object.values(old).join(',')}\n`);
    expect((await readAll({ file, format: 'globo', kind: 'interactions' })).events).toMatchObject([{ at: 1000 }]);
  });

  const real = existsSync(CLICKS) ? it : it.skip;
  real(`keeps the first 50,000 clicks in order (skipped where ${CLICKS} is absent)`, async () => {
    const events: InteractionEvent[] = [];
    for await (const batch of readEvents({ file: CLICKS, format: 'globo', kind: 'interactions', now: NOW })) {
      expect(batch.rejected).toEqual([]);
      events.push(...(batch.events as InteractionEvent[]));
      if (batch.rows >= 50_000) break;
    }
    const times = events.map(({ at }) => at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times[0]).toBeGreaterThanOrEqual(Date.UTC(2017, 9, 1, 3));
    expect(events.every(({ userId, itemId }) => /^\d+$/.test(userId) && /^\d+$/.test(itemId))).toBe(true);
    expect(events.every(({ context }) => Object.keys(context!).length === 5)).toBe(true);
    expect(new Set(events.map(({ context }) => context)).size).toBeLessThan(2000);
  });
});
