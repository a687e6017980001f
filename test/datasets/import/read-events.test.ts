import { type InteractionEvent } from '../../../src/events/event.js';
import { type ImportSourceOptions } from '../../../src/datasets/import/import-source.js';
import { readEvents } from '../../../src/datasets/import/read-events.js';
import { NOW, readAll, SampleFiles } from './sample-files.js';

const files = new SampleFiles();
afterAll(() => files.remove());

const T = Date.UTC(2017, 9, 1, 3);
const FULL: InteractionEvent = {
  kind: 'interaction',
  userId: 'u1',
  itemId: '42',
  type: 'ADD_TO_CART',
  weight: 2.5,
  at: T,
  sessionId: 's',
  id: 'e1',
  context: { device: '1', os: 'ios', country: 'BR', region: '13', referrer: 'x' },
};
const BARE: InteractionEvent = { kind: 'interaction', userId: 'u2', itemId: '43', type: 'CLICK', at: T + 1000 };

const csv = (text: string): ImportSourceOptions => ({
  file: files.write('rows.csv', text),
  format: 'csv',
  kind: 'interactions',
});

describe('readEvents', () => {
  it('reads interactions of CSV', async () => {
    const header = 'user,item,time,type,weight,session,id,device,os,country,region,referrer';
    const full = ' u1 ,42,2017-10-01T03:00:00Z,add_to_cart,2.5,s,e1,1,ios,BR,13,x';
    const bare = 'u2,43,1506826801,,,,,,,,, ';
    expect(await readAll(csv(`${header}\n${full}\n${bare}\n`))).toEqual({
      events: [FULL, BARE],
      rejected: [],
      rows: [2],
    });
  });

  it('reads interactions of JSON lines, whatever keys a line has', async () => {
    const { device, os, country, region, referrer } = FULL.context!;
    const full = {
      ...FULL,
      item_id: 42,
      user_id: 'u1',
      time: '2017-10-01 05:00:00+02',
      session: 's',
      device: Number(device),
    };
    const file = files.lines('rows.jsonl', [
      { time: (T + 1000) * 1000, item_id: '43', user_id: 'u2', type: null },
      { ...full, itemId: undefined, userId: undefined, at: undefined, os, country, region, referrer },
    ]);
    expect((await readAll({ file, format: 'jsonl', kind: 'interactions' })).events).toEqual([FULL, BARE]);
  });

  it('reads interactions of Parquet from columns of many types', async () => {
    const columns = `'u1' AS "user", 42::SMALLINT AS item, TIMESTAMP '2017-10-01 03:00:00' AS "time", 'ADD_TO_CART'::ENUM('ADD_TO_CART') AS "type",
      2.5::DECIMAL(5, 2) AS weight, 's' AS "session", 'e1'::BLOB AS id, 1::UTINYINT AS device, 'ios' AS os, 'BR' AS country, 13::HUGEINT AS region, 'x' AS referrer`;
    const bare = `'u2', 43, TIMESTAMP '2017-10-01 03:00:01', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ''`;
    const file = await files.parquet('rows.parquet', `SELECT ${columns} UNION ALL SELECT ${bare}`);
    expect((await readAll({ file, format: 'parquet', kind: 'interactions' })).events).toEqual([FULL, BARE]);
  });

  it.each([
    ['csv', () => files.write('big.csv', 'user,item,time,session\n9007199254740993,007,1506826800000,1e3\n')],
    [
      'jsonl',
      () => files.write('big.jsonl', '{"user":9007199254740993,"item":"007","time":1506826800000,"session":"1e3"}\n'),
    ],
    [
      'parquet',
      () =>
        files.parquet(
          'big.parquet',
          `SELECT 9007199254740993 AS "user", '007' AS item, ${T} AS "time", '1e3' AS "session"`,
        ),
    ],
  ] as const)('keeps ids of %s digit for digit', async (format, write) => {
    const { events } = await readAll({ file: await write(), format, kind: 'interactions' });
    expect(events).toEqual([
      expect.objectContaining({ userId: '9007199254740993', itemId: '007', sessionId: '1e3', at: T }),
    ]);
  });

  it('orders interactions by time, equal times by row, and rows without a time last', async () => {
    const times = [30, 10, 'never', 20, 10, '', 30].map((time) =>
      typeof time === 'number' ? 1_500_000_000 + time : time,
    );
    const rows = times.map((time, k) => `u,i${k + 1},${time}\n`).join('');
    const { events, rejected } = await readAll(csv(`user,item,time\n${rows}broken\n`));
    expect(events.map((event) => (event as InteractionEvent).itemId)).toEqual(['i2', 'i5', 'i4', 'i1', 'i7']);
    expect(rejected.map(({ row }) => row)).toEqual([3, 6, 8]);
  });

  it('ends a batch after so many rows, kept or not', async () => {
    const rows = ['1', '2', '', '4', '5'].map((user, k) => `${user},i,${1_500_000_000 + k}\n`).join('');
    const options = csv(`user,item,time\n${rows}`);
    expect((await readAll({ ...options, batchSize: 2 })).rows).toEqual([2, 4, 5]);
    expect((await readAll({ ...options, batchSize: 5 })).rows).toEqual([5]);
  });

  it('gives from any row on what a whole reading gives', async () => {
    const rows = Array.from({ length: 40 }, (_, k) =>
      k % 7 === 3 ? 'broken\n' : `u${k},i,${k % 5 === 1 ? 'x' : 1_500_000_000 + ((k * 17) % 23)}\n`,
    );
    const options = { ...csv(`user,item,time\n${rows.join('')}`), batchSize: 1 };
    const batches = [];
    for await (const batch of readEvents({ ...options, now: NOW })) batches.push(batch);
    for (let skipRows = 0; skipRows <= 40; skipRows++) {
      const { events, rejected } = await readAll({ ...options, skipRows });
      expect(events).toEqual(batches.slice(skipRows).flatMap((batch) => batch.events));
      expect(rejected).toEqual(batches.slice(skipRows).flatMap((batch) => batch.rejected));
    }
  });

  it('gives nothing for a file without rows', async () => {
    expect(await readAll(csv('user,item,time\n'))).toEqual({ events: [], rejected: [], rows: [] });
  });

  it('stops a strict reading at the first bad row', async () => {
    const options = { ...csv('user,item,time\nu,i,2017-10-01\nu,,2017-10-02\n'), strict: true };
    await expect(readAll(options)).rejects.toMatchObject({
      code: 'BAD_ROW',
      row: 2,
      message: 'row 2: column "item": null is not an id',
    });
  });

  it('can be left before the end', async () => {
    const rows = Array.from({ length: 10_000 }, (_, k) => `u,i,${1_500_000_000 + k}\n`);
    for await (const { events } of readEvents({
      ...csv(`user,item,time\n${rows.join('')}`),
      now: NOW,
      batchSize: 10,
    })) {
      expect(events).toHaveLength(10);
      break;
    }
  });

  it('shares the contexts of events', async () => {
    const { events } = await readAll(csv('user,item,time,os\nu,i,2017-10-01,1\nv,i,2017-10-01,1\nv,i,2017-10-02,\n'));
    const [first, second, third] = events as InteractionEvent[];
    expect(first!.context).toEqual({ os: '1' });
    expect(second!.context).toBe(first!.context);
    expect(third).not.toHaveProperty('context');
  });
});
