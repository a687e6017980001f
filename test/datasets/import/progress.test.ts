import { PassThrough } from 'node:stream';
import { progressView } from '../../../src/datasets/import/progress.js';

class Screen extends PassThrough {
  constructor(readonly isTTY: boolean) {
    super();
  }

  get text(): string {
    return String(this.read() ?? '');
  }
}

const at = (rows: number) => ({ rows, total: 1000, kept: rows - 1, rejected: 1 });

describe('progressView', () => {
  it('writes a plain line each tenth of the file and at its end', () => {
    const stream = new Screen(false);
    const view = progressView({ stream, label: 'a.csv', clock: () => 0 });
    for (const rows of [50, 99, 100, 150, 205, 990, 1000]) view.update(at(rows));
    view.stop();
    expect(stream.text.split('\n')).toEqual([
      'a.csv: 10 % (100 of 1000 rows), 99 kept, 1 dropped',
      'a.csv: 20 % (205 of 1000 rows), 204 kept, 1 dropped',
      'a.csv: 99 % (990 of 1000 rows), 989 kept, 1 dropped',
      'a.csv: 100 % (1000 of 1000 rows), 999 kept, 1 dropped',
      '',
    ]);
  });

  it('writes a plain line after 5 seconds without one', () => {
    const stream = new Screen(false);
    let time = 0;
    const view = progressView({ stream, label: 'a.csv', clock: () => time });
    for (time = 1000; time <= 11_000; time += 1000) view.update(at(time / 1000));
    expect(stream.text.match(/ of /g)).toHaveLength(2);
  });

  it('ends a file without rows with one line', () => {
    const stream = new Screen(false);
    progressView({ stream, label: 'a.csv' }).update({ rows: 0, total: 0, kept: 0, rejected: 0 });
    expect(stream.text).toBe('a.csv: 100 % (0 of 0 rows), 0 kept, 0 dropped\n');
  });

  it('draws a bar on a terminal, once it has begun, and takes it away', () => {
    const stream = new Screen(true);
    const view = progressView({ stream, label: 'a.csv' });
    view.stop();
    expect(stream.text).toBe('');
    view.update(at(500));
    view.stop();
    view.stop();
    expect(stream.text).toMatch(/a\.csv .*500\/1000 rows/);
  });
});
