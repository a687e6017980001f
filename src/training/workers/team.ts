/**
 * What threads on one task agree by, in words of their shared memory: a queue of chunks that each go to one thread only,
 * a barrier between phases, and a word that stops all. What comes out must not depend on who takes which chunk.
 */

const NEXT_CHUNK = 0;
const STOP = 1;
const ARRIVED = 2;
const PHASE = 3;
/** Words of `control`. */
export const CONTROL_WORDS = 4;

/** Looks at the barrier before a thread goes to sleep: about 20 microseconds, where waking one takes 50. */
const SPINS = 2_000;
/** A sleeping thread looks up this often, ms. */
const NAP_MS = 100;

export interface Chunk {
  readonly chunk: number;
  readonly from: number;
  readonly to: number;
}

/** Thrown by a thread that finds the team stopped at a barrier. */
export class Stopped extends Error {}

export class Team {
  constructor(
    private readonly control: Int32Array,
    private readonly threads = 1,
  ) {}

  /** Before a task, while no thread is at work. */
  restart(): void {
    this.control.fill(0);
  }

  /** Ends the task in all threads: no further chunk is handed out, nobody gets past a barrier. */
  stop(): void {
    Atomics.store(this.control, STOP, 1);
    Atomics.notify(this.control, PHASE);
  }

  get stopped(): boolean {
    return Atomics.load(this.control, STOP) === 1;
  }

  /** Ranges of `size` out of `total`, each to one thread only. */
  *chunks(total: number, size: number): Generator<Chunk> {
    while (!this.stopped) {
      const chunk = Atomics.add(this.control, NEXT_CHUNK, 1);
      if (chunk * size >= total) return;
      yield { chunk, from: chunk * size, to: Math.min(total, (chunk + 1) * size) };
    }
  }

  /**
   * Waits until all threads are here; what each wrote before it the others read after it, and the queue starts anew.
   * @throws Stopped
   */
  meet(): void {
    const { control } = this;
    const phase = Atomics.load(control, PHASE);
    if (Atomics.add(control, ARRIVED, 1) === this.threads - 1) {
      Atomics.store(control, ARRIVED, 0);
      Atomics.store(control, NEXT_CHUNK, 0);
      Atomics.add(control, PHASE, 1);
      if (this.threads > 1) Atomics.notify(control, PHASE);
    }
    for (let spin = 0; spin < SPINS; spin++) if (Atomics.load(control, PHASE) !== phase) break;
    while (Atomics.load(control, PHASE) === phase && !this.stopped) Atomics.wait(control, PHASE, phase, NAP_MS);
    if (this.stopped) throw new Stopped('the team was stopped');
  }
}
