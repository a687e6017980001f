/**
 * Training beside a server that goes on answering: a child process of the lowest priority, again and again, never two at
 * once; the wait for the next run begins when the last one has ended. What it says goes into the server's log, and a run
 * that failed is one line there: the next turn tries again. What it publishes is found like anybody's.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import { type Readable } from 'node:stream';
import { type Logger } from 'pino';
import { childOutcome } from './child-outcome.js';

export interface RepeatedTrainingOptions {
  /** Program and arguments of one run. */
  readonly command: readonly [string, ...string[]];
  readonly everyMs: number;
  /** Until the first run. */
  readonly firstInMs: number;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

/** How long a run has to end after SIGTERM. Killed it leaves the last good snapshot as well. */
const END_WITHIN_MS = 2_000;

export class RepeatedTraining {
  private timer: NodeJS.Timeout | undefined;
  private child: ChildProcess | null = null;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(private readonly options: RepeatedTrainingOptions) {
    this.wait(options.firstInMs);
  }

  /** Ends the run under way; there will be no other. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    const { child } = this;
    child?.kill('SIGTERM');
    const kill = setTimeout(() => child?.kill('SIGKILL'), END_WITHIN_MS);
    await this.running;
    clearTimeout(kill);
  }

  private wait(ms: number): void {
    this.timer = setTimeout(() => {
      this.running = this.run().then(() => {
        if (!this.stopped) this.wait(this.options.everyMs);
      });
    }, ms);
    this.timer.unref();
  }

  /** Never rejects. */
  private async run(): Promise<void> {
    const { command, logger } = this.options;
    const from = performance.now();
    const [program, ...parameters] = command;
    const child = spawn(program, parameters, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    logger.info({ pid: child.pid, command }, 'training begins');
    yieldTo(child);
    const line = (text: string): void => {
      if (text.trim() !== '') logger.info({ pid: child.pid }, `training: ${text}`);
    };
    const outcome = childOutcome(child);
    follow(child.stdout, line);
    follow(child.stderr, line);
    const problem = await outcome;
    this.child = null;
    const seconds = Math.round((performance.now() - from) / 1_000);
    if (problem === null) logger.info({ pid: child.pid, seconds }, 'training ended');
    else if (this.stopped) logger.info({ pid: child.pid, seconds }, 'training was stopped');
    else logger.warn({ pid: child.pid, seconds, problem }, 'training failed; it is tried again at the next turn');
  }
}

function follow(stream: Readable, line: (text: string) => void): void {
  createInterface({ input: stream }).on('line', line);
}

/** The threads that it starts from now on are as patient as it is. */
function yieldTo({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It has ended already, and says how.
  }
}
