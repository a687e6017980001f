/**
 * One of several processes, elected by a lease on a blob: the service grants it to one at a time, and for so long only, so that
 * another one takes over when its holder has died. Writes of the blob under the lease fail once it is lost, however late they
 * come.
 */
import { randomUUID } from 'node:crypto';
import { type BlobConnection, isConflict } from './blob-connection.js';

export interface LeaseOptions {
  readonly connection: BlobConnection;
  /** Of a blob that exists. */
  readonly path: string;
  /** How long it is held after its holder was last heard of: 15 to 60. */
  readonly seconds?: number;
}

const SECONDS = 60;
/** Of several that take it from one another at once, one must be the last. */
const ATTEMPTS = 10;

export class BlobLease {
  /** Chosen here, so that asking twice for what was granted once is no conflict. */
  private readonly id = randomUUID();
  private renewing: NodeJS.Timeout | undefined;

  constructor(private readonly options: LeaseOptions) {}

  /** The id under which to write; null where another process holds the lease. From then on it is renewed, until `release`. */
  async hold(): Promise<string | null> {
    const { seconds = SECONDS } = this.options;
    if (!(await this.acquire())) return null;
    this.renewing ??= setInterval(
      () => {
        // Away for a moment, or lost: the next `hold` finds out.
        this.acquire().catch(() => undefined);
      },
      (seconds * 1_000) / 3,
    ).unref();
    return this.id;
  }

  /** The same, whoever holds it: from then on what that one writes under the lease fails. */
  async take(): Promise<string> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const id = await this.hold();
      if (id !== null) return id;
      await this.call(async (lease, abortSignal) => void (await lease.breakLease(0, { abortSignal })));
    }
    throw new Error(`the lease of ${this.options.path} is taken away again and again`);
  }

  /** Lets others have it at once. Nothing to do where it isn't held. */
  async release(): Promise<void> {
    if (this.renewing === undefined) return;
    clearInterval(this.renewing);
    this.renewing = undefined;
    await this.call(async (lease, abortSignal) => void (await lease.releaseLease({ abortSignal })));
  }

  /** Also renews, for a lease is granted anew to the one that holds it. */
  private acquire(): Promise<boolean> {
    const { seconds = SECONDS } = this.options;
    return this.call(async (lease, abortSignal) => void (await lease.acquireLease(seconds, { abortSignal })));
  }

  /** False where another one holds it, or nobody does. */
  private async call(run: (lease: LeaseClient, signal: AbortSignal) => Promise<void>): Promise<boolean> {
    const { connection, path } = this.options;
    try {
      await connection.call((container, signal) =>
        run(container.getBlobClient(path).getBlobLeaseClient(this.id), signal),
      );
      return true;
    } catch (error) {
      if (isConflict(error)) return false;
      throw error;
    }
  }
}

type Container = Parameters<Parameters<BlobConnection['call']>[0]>[0];
type LeaseClient = ReturnType<ReturnType<Container['getBlobClient']>['getBlobLeaseClient']>;
