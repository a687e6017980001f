/**
 * Speed of the embedded event log: appending (flushed) and reading in batches of 4,000, one event at a time, and the
 * codec alone. Median and spread of 5 rounds.
 * `node --require ./test/support/register-swc.cjs test/bench/event-log.bench.ts`
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventCodec } from '../../src/events/codec.js';
import { type Event } from '../../src/events/event.js';
import { openLmdbLog } from '../../src/events/lmdb-log.js';

const ROUNDS = 5;
const BATCH = 4_000;
const EVENTS = 200_000; // a round
const SINGLES = 500;

let made = 0;

async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'event-log-bench-'));
  const log = openLmdbLog({ folder });
  const append = (withIds: boolean, count: number, size: number) => async () => {
    const batches = Array.from({ length: count / size }, () => Array.from({ length: size }, () => click(withIds)));
    return timed(async () => {
      for (const batch of batches) await log.append(batch);
    });
  };

  const codec = eventCodec('main');
  const events = Array.from({ length: EVENTS }, () => click(false));
  const encoded = events.map((event) => Buffer.from(codec.encode(event)));
  await measure('encode', EVENTS, () => timed(() => events.forEach((event) => codec.encode(event))));
  await measure('decode', EVENTS, () => timed(() => encoded.forEach((bytes) => codec.decode(bytes))));

  await measure('append, batches of 4,000, no ids', EVENTS, append(false, EVENTS, BATCH));
  await measure('read, batches of 4,000', EVENTS, () =>
    timed(async () => {
      for (let after = 0; after < EVENTS; after += BATCH) await log.read(after, BATCH);
    }),
  );
  await measure('append, batches of 4,000, with ids', EVENTS / 2, append(true, EVENTS / 2, BATCH));
  await measure('append, one by one', SINGLES, append(true, SINGLES, 1));
  await measure('append, one by one, 500 at once', SINGLES, () => {
    const singles = Array.from({ length: SINGLES }, () => [click(true)]);
    return timed(() => Promise.all(singles.map((single) => log.append(single))));
  });
  await measure('erase one user, entries scanned', log.last(), () => {
    const erasure = { upTo: log.last(), includeForgets: true, sessionSalt: 'salt' };
    return timed(() => log.pseudonymise(`${made % 300_000}`, 'erased', erasure));
  });
  await log.close();
  rmSync(folder, { recursive: true });
}

/** Prints how many a second, and microseconds for one; `round` gives milliseconds for `count`. The first is warm-up. */
async function measure(name: string, count: number, round: () => Promise<number>): Promise<void> {
  await round();
  const rounds: number[] = [];
  for (let i = 0; i < ROUNDS; i++) rounds.push(await round());
  rounds.sort((a, b) => a - b);
  const rate = (ms: number) => Math.round(count / ms) + 'k';
  const [fastest, median, slowest] = [rounds[0]!, rounds[ROUNDS >> 1]!, rounds[ROUNDS - 1]!];
  const micros = ((median * 1_000) / count).toFixed(2);
  console.log(`${name.padEnd(36)} ${rate(median)}/s (${rate(slowest)} to ${rate(fastest)}), ${micros} us each`);
}

async function timed(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** The clicks of a news site as they look in the log: ids of digits, 4 clicks a session, 5 codes of context. */
function click(withId: boolean): Event {
  const n = made++;
  return {
    kind: 'interaction',
    ...(withId && { id: `${(n * 2_654_435_761) % 2 ** 32}-${n}` }),
    userId: `${n % 300_000}`,
    itemId: `${100_000 + ((n * 7_919) % 40_000)}`,
    type: 'CLICK',
    at: 1_507_000_000_000 + n,
    sessionId: `${1_506_825_423_271_737 + (n >> 2)}`,
    context: { device: '1', os: '17', country: '1', region: '25', referrer: '2' },
  };
}

void run();
