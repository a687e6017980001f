/** Rows a second from the Globo clicks to events, as `recograph import` reads them. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readEvents } from '../../src/datasets/import/read-events.js';

const CLICKS = process.argv[2] ?? join(__dirname, '../../../shared/data/globo/clicks.parquet');
const ROUNDS = 3;

async function main(): Promise<void> {
  if (!existsSync(CLICKS)) return console.log(`skipped: ${CLICKS} is not there`);
  const seconds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now();
    let rows = 0;
    let kept = 0;
    for await (const batch of readEvents({ file: CLICKS, format: 'globo', kind: 'interactions', now: Date.now() })) {
      rows = batch.rows;
      kept += batch.events.length;
    }
    seconds.push((performance.now() - started) / 1000);
    const memory = Math.round(process.memoryUsage().rss / 1e6);
    console.log(`${rows} rows, ${kept} events, ${seconds.at(-1)!.toFixed(2)} s, rss ${memory} MB`);
    seconds.sort((a, b) => a - b);
    if (round === ROUNDS - 1) console.log(`median ${Math.round(rows / seconds[ROUNDS >> 1]!)} rows/s`);
  }
}

void main();
