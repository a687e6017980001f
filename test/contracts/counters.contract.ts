/** What every backend of the counters must do. */
import { type Counters } from '../../src/limits/counters.js';

export interface CountersUnderTest {
  readonly counters: Counters;
  /** A second opening of the same. */
  readonly other: Counters;
  /** Lets so much of the windows' time pass, ms. */
  elapse(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** So long that no test meets the end of a window: 31 years. */
export const WINDOW_MS = 1_000_000_000_000;

export function countersContract(open: () => Promise<CountersUnderTest>): void {
  let opened: CountersUnderTest;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => opened.close());
  const valueOf = async (counters: Counters, name: string, amount: number, windowMs = WINDOW_MS): Promise<number> =>
    (await counters.add(name, amount, windowMs)).value;

  it('counts together what all have added, for each name', async () => {
    const { counters, other } = opened;
    expect(await valueOf(counters, 'a', 1)).toBe(1);
    expect(await valueOf(other, 'a', 20)).toBe(21);
    expect(await valueOf(other, 'b', 1)).toBe(1);
    expect(await valueOf(counters, 'a', 1)).toBe(22);
  });

  it('counts what is added at once in its order', async () => {
    const { counters } = opened;
    const names = Array.from({ length: 2_500 }, (_, at) => (at % 2 === 0 ? 'even' : `odd ${at}`));
    const values = await Promise.all(names.map((name) => valueOf(counters, name, 1)));
    expect(values).toEqual(names.map((name, at) => (name === 'even' ? at / 2 + 1 : 1)));
  });

  it('begins anew when the window is over, and says how long that is', async () => {
    const { counters, other, elapse } = opened;
    const first = await counters.add('a', 5, WINDOW_MS);
    expect(first.endsInMs).toBeGreaterThan(0);
    expect(first.endsInMs).toBeLessThanOrEqual(WINDOW_MS);
    await elapse(first.endsInMs / 2);
    const second = await other.add('a', 1, WINDOW_MS);
    expect(second.value).toBe(6);
    expect(second.endsInMs).toBeLessThanOrEqual(first.endsInMs / 2 + 1);
    await elapse(second.endsInMs);
    expect(await valueOf(counters, 'a', 1)).toBe(1);
  });

  it('tells names apart that are very long, or only look alike', async () => {
    const { counters, other } = opened;
    const name = 'x'.repeat(1_000_000);
    expect(await valueOf(counters, `${name}a`, 1)).toBe(1);
    expect(await valueOf(other, `${name}a`, 1)).toBe(2);
    expect(await valueOf(counters, `${name}b`, 1)).toBe(1);
    for (const odd of ['', ' ', '\u0000', '}', '{', ':', 'é']) expect(await valueOf(counters, odd, 1)).toBe(1);
  });
}
