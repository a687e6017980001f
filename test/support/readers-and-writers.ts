/**
 * Traffic that must go on through faults: readers who ask for lists, and writers who record clicks and send one again with the same id
 * until it is acknowledged. Counts what went wrong.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { CUT } from './balancer.js';
import { RECORD } from './replicas.js';

export const USERS = 200;
const LIST = `query ($userId: ID!) { recommendations(userId: $userId, first: 10) {
  recommendationId nodes { item { id } } degradations { code } } }`;

export interface TrafficOptions {
  readonly url: string;
  readonly readers: number;
  readonly writers: number;
  /** Between an answer and the next request of the same reader or writer, ms. */
  readonly pauseMs: number;
  /** Items to click. */
  readonly items: readonly string[];
}

export interface Tally {
  reads: number;
  /** Reads that were answered otherwise than with a list, by what was said; those whose replica died with them are `cut`. */
  readonly failed: Record<string, number>;
  cut: number;
  /** Lists that said what they lacked, by code. */
  readonly degraded: Record<string, number>;
  /** Ids of clicks that were acknowledged. */
  readonly acknowledged: Set<string>;
  /** Attempts to write that were not acknowledged. */
  retries: number;
  readonly readMs: number[];
}

export interface Traffic {
  readonly tally: Tally;
  /** When the last write was acknowledged, by the monotonic clock. */
  readonly lastWriteAt: number;
  /** Ends when all that is under way is answered, and every click acknowledged. */
  stop(): Promise<Tally>;
}

export function startTraffic({ url, readers, writers, pauseMs, items }: TrafficOptions): Traffic {
  const tally: Tally = {
    reads: 0,
    failed: {},
    cut: 0,
    degraded: {},
    acknowledged: new Set(),
    retries: 0,
    readMs: [],
  };
  let on = true;
  let asked = 0;
  let lastWriteAt = performance.now();
  const count = (counts: Record<string, number>, name: string): void => void (counts[name] = (counts[name] ?? 0) + 1);
  const post = async (query: string, variables: object): Promise<{ status: number; body: Body }> => {
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Body) };
  };
  const read = async (): Promise<void> => {
    while (on) {
      const from = performance.now();
      const answer = await post(LIST, { userId: `user-${asked++ % USERS}` }).catch((error: Error) => error);
      tally.reads++;
      tally.readMs.push(performance.now() - from);
      if (answer instanceof Error) count(tally.failed, answer.message);
      else if (answer.status === CUT) tally.cut++;
      else if (answer.status !== 200 || answer.body.errors !== undefined) {
        count(tally.failed, `${answer.status} ${answer.body.errors?.[0]?.extensions.code ?? ''}`);
      } else for (const { code } of answer.body.data!.recommendations!.degradations) count(tally.degraded, code);
      await wait(pauseMs);
    }
  };
  const write = async (): Promise<void> => {
    while (on) {
      const id = randomUUID();
      const click = { id, userId: `user-${asked % USERS}`, itemId: items[asked % items.length], type: 'CLICK' };
      for (;;) {
        const answer = await post(RECORD, { input: { interactions: [click] } }).catch(() => null);
        if (answer?.status === 200 && answer.body.errors === undefined) break;
        tally.retries++;
        await wait(20);
      }
      tally.acknowledged.add(id);
      lastWriteAt = performance.now();
      await wait(pauseMs);
    }
  };
  const all = [...Array.from({ length: readers }, read), ...Array.from({ length: writers }, write)];
  return {
    tally,
    get lastWriteAt() {
      return lastWriteAt;
    },
    async stop() {
      on = false;
      await Promise.all(all);
      return tally;
    },
  };
}

interface Body {
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
  readonly data?: { readonly recommendations?: { readonly degradations: readonly { readonly code: string }[] } };
}
