import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type EvaluationOptions } from '../../src/evaluation/evaluate.js';
import { type Event } from '../../src/events/event.js';
import { logSource } from '../../src/events/event-source.js';
import { dropKeptFolds } from '../../src/state/last-erasure.js';
import { DEFAULT_STATE_SETTINGS } from '../../src/state/state-settings.js';
import { openMemoryLog } from '../support/memory-log.js';
import { digestOf, difficultLog, evaluated, sourceOf } from '../support/replay.js';
import { NOON } from '../support/state.js';

const EVENTS = difficultLog(5, 400);
const HALF = NOON + 400 * 60_000;
const SETTINGS = DEFAULT_STATE_SETTINGS;

describe('fold cache', () => {
  let cacheFolder: string;
  beforeEach(() => {
    cacheFolder = mkdtempSync(join(tmpdir(), 'recograph-replay-'));
  });
  afterEach(() => rmSync(cacheFolder, { recursive: true }));

  const kept = (): string[] =>
    readdirSync(cacheFolder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.bin'));
  const halfOnwards = (rest: Partial<EvaluationOptions> = {}) =>
    evaluated(EVENTS, { from: HALF, cacheFolder, ...rest });

  it('lets a second replay begin at its first list, with exactly the same result', async () => {
    const whole = await evaluated(EVENTS, { from: HALF });
    const first = await halfOnwards();
    const second = await halfOnwards();
    expect(digestOf(first)).toBe(digestOf(whole));
    expect(digestOf(second)).toBe(digestOf(whole));
    expect(first.fold.events).toBe(whole.fold.events);
    expect(second.fold.events).toBeLessThan(first.fold.events - 100);
    expect(second.serve.queries).toBe(first.serve.queries);
  });

  it('begins a later window at the kept fold of an earlier one, and an earlier window anew', async () => {
    await halfOnwards();
    const later = await halfOnwards({ from: HALF + 3_600_000 });
    expect(digestOf(later)).toBe(digestOf(await evaluated(EVENTS, { from: HALF + 3_600_000 })));
    const earlier = await halfOnwards({ from: HALF - 3_600_000 });
    expect(digestOf(earlier)).toBe(digestOf(await evaluated(EVENTS, { from: HALF - 3_600_000 })));
  });

  it('passes a damaged fold over, says so, and starts anew', async () => {
    const first = await halfOnwards();
    const path = join(cacheFolder, kept()[0]!);
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(path, bytes);
    const problems: string[] = [];
    const again = await halfOnwards({ onProblem: (message) => problems.push(message) });
    expect(problems).toEqual([expect.stringContaining('kept fold not used')]);
    expect(problems[0]).toContain('damaged');
    expect(again.fold.events).toBe(first.fold.events);
    expect(digestOf(again)).toBe(digestOf(first));
    // What was kept in its place is sound again.
    expect((await halfOnwards()).fold.events).toBeLessThan(first.fold.events - 100);
  });

  it('does not use a fold of other settings', async () => {
    await halfOnwards();
    const settings = { ...SETTINGS, sessionGapMs: SETTINGS.sessionGapMs / 2 };
    const problems: string[] = [];
    const other = await halfOnwards({ settings, onProblem: (message) => problems.push(message) });
    expect(digestOf(other)).toBe(digestOf(await evaluated(EVENTS, { from: HALF, settings })));
    expect(problems).toEqual([expect.stringContaining('other settings')]);
  });

  it('does not use a fold of other events', async () => {
    await halfOnwards();
    const events = EVENTS.slice(1);
    const other = await evaluated(events, { from: HALF, cacheFolder });
    expect(digestOf(other)).toBe(digestOf(await evaluated(events, { from: HALF })));
    expect(kept()).toHaveLength(2);
  });

  /** A window of the log's own content, as a server's log has it. */
  async function ofLog(events: readonly Event[], rest: Partial<EvaluationOptions> = {}) {
    const log = openMemoryLog();
    await log.append(events);
    return evaluated(events, { source: await logSource(log), from: HALF, cacheFolder, ...rest });
  }

  it('uses the fold of a log that has grown since', async () => {
    const grown = [...EVENTS, ...difficultLog(6, 50)];
    const first = await ofLog(EVENTS);
    const second = await ofLog(grown);
    expect(digestOf(second)).toBe(digestOf(await evaluated(grown, { from: HALF })));
    expect(second.fold.events).toBeLessThan(first.fold.events - 100);
  });

  it('does not use the fold of another log that begins with the same events', async () => {
    const problems: string[] = [];
    const rest = { onProblem: (message: string) => problems.push(message) };
    await ofLog(EVENTS);
    const parted = EVENTS.map((event, at) => (at < 50 ? event : { ...event, at: event.at + 1 }));
    const other = await ofLog(parted, rest);
    expect(problems).toEqual(['kept fold not used: it is of other events']);
    expect(digestOf(other)).toBe(digestOf(await evaluated(parted, { from: HALF })));
  });

  const HOUR = 3_600_000;
  const foldedFrom = async (from: number): Promise<number> =>
    (await evaluated(EVENTS, { from, to: from + HOUR, cacheFolder })).fold.events;

  it('lets an early window begin at its fold again, though three later ones were kept since', async () => {
    const early = NOON + 2 * HOUR;
    const anew = await foldedFrom(early);
    for (const later of [4, 7, 10]) await foldedFrom(NOON + later * HOUR);
    expect(kept()).toHaveLength(4);
    expect(await foldedFrom(early)).toBeLessThan(anew / 2);
  });

  it('lets the one go that was not used for longest, and never the one just written', async () => {
    const positions = (): string[] => kept().map((file) => /(\d{16})\.bin$/.exec(file)![1]!);
    const seconds = (file: string, since: number): void => utimesSync(join(cacheFolder, file), since, since);
    for (const hour of [4, 6, 8, 10]) await foldedFrom(NOON + hour * HOUR);
    const before = kept().sort();
    // Used in this order, but that a replay begins at the first one again.
    before.forEach((file, place) => seconds(file, 1_000 + place));
    const [first, second] = positions().sort();
    await foldedFrom(NOON + 4 * HOUR);
    await foldedFrom(NOON + 2 * HOUR);
    const after = positions();
    expect(after).toHaveLength(4);
    expect(after).toContain(first);
    expect(after).not.toContain(second);
    expect(after.some((position) => position < first!)).toBe(true);
  });

  it('keeps none close to the one that it began at', async () => {
    await halfOnwards();
    const [first] = kept();
    await halfOnwards({ from: HALF + 10 * 60_000 });
    expect(kept()).toEqual([first]);
    await halfOnwards({ from: HALF + 3 * HOUR });
    expect(kept()).toHaveLength(2);
  });

  it('keeps no fold of a replay that had begun when somebody was erased', async () => {
    const source = sourceOf(EVENTS);
    let reads = 0;
    async function* read(after: number) {
      const isFold = ++reads === 2; // lists are planned in a reading of their own, before the fold begins
      for await (const entries of source.read(after)) {
        yield entries;
        if (isFold) await dropKeptFolds(cacheFolder);
      }
    }
    await halfOnwards({ source: { ...source, read } });
    expect(kept()).toEqual([]);
    await halfOnwards();
    expect(kept()).toHaveLength(1);
  });

  it('keeps no fold that was being written when somebody was erased', async () => {
    const source = sourceOf(EVENTS);
    const during = (erase: () => Promise<void>) => ({
      ...source,
      markOf: (position: number) => erase().then(() => source.markOf(position)),
    });
    await halfOnwards();
    const [folder] = kept().map((file) => dirname(join(cacheFolder, file)));
    rmSync(folder!, { recursive: true });
    const erase = (): Promise<void> => dropKeptFolds(cacheFolder);
    await halfOnwards({ source: during(erase) });
    expect(kept()).toEqual([]);
    // The folder can't be written to any more, as where it is taken away in the course of it.
    const taken = during(() => erase().then(() => writeFileSync(folder!, '')));
    rmSync(folder!, { recursive: true });
    await halfOnwards({ source: taken });
    expect(kept()).toEqual([]);
  });

  it('removes a fold that a killed process left there since somebody was erased', async () => {
    await halfOnwards();
    writeFileSync(join(cacheFolder, 'last-erasure'), 'another');
    const [left] = kept();
    const problems: string[] = [];
    const from = HALF + 3_600_000;
    await halfOnwards({ from, onProblem: (message) => problems.push(message) });
    expect(problems).toEqual(['kept fold not used: somebody was erased since, and it is removed']);
    expect(kept()).not.toContain(left);
    expect(kept()).toHaveLength(1);
  });

  it('keeps no fold whose users have spilled: their records are not in it', async () => {
    const settings = { ...SETTINGS, bounds: { ...SETTINGS.bounds, users: 4 } };
    const whole = await evaluated(EVENTS, { from: HALF, settings });
    const first = await halfOnwards({ settings });
    expect(digestOf(await halfOnwards({ settings }))).toBe(digestOf(whole));
    expect(digestOf(first)).toBe(digestOf(whole));
    expect(kept()).toEqual([]);
  });
});
