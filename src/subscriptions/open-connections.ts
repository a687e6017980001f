/** The connections that subscribe: so many and no more, and all of them end when the server does. */
import { ApiError } from '../../resolvers/errors.js';

export interface Connection {
  /** Asks the reader to go: says that it is over. */
  end(): void;
  /** Cuts the connection. */
  cut(): void;
}

/** How long readers have to take the last message when the server ends, ms. */
const GRACE_MS = 1_000;

export class OpenConnections {
  private readonly open = new Set<Connection>();
  private isClosing = false;
  private onEmpty: () => void = () => undefined;

  constructor(private readonly most: number) {}

  /** @throws ApiError DRAINING, TOO_MANY_SUBSCRIPTIONS */
  demandPlace(): void {
    if (this.isClosing) throw new ApiError('DRAINING', 'the server is about to end; subscribe again');
    if (this.open.size >= this.most) {
      throw new ApiError('TOO_MANY_SUBSCRIPTIONS', `${this.open.size} connections subscribe; the most is ${this.most}`);
    }
  }

  /** Takes a place until the answer is called. @throws ApiError DRAINING, TOO_MANY_SUBSCRIPTIONS */
  enter(connection: Connection): () => void {
    this.demandPlace();
    this.open.add(connection);
    return () => {
      this.open.delete(connection);
      if (this.open.size === 0) this.onEmpty();
    };
  }

  /** Ends all; resolves when they have ended or, where a reader does not listen, are cut. */
  async close(): Promise<void> {
    this.isClosing = true;
    if (this.open.size === 0) return;
    const emptied = new Promise<void>((resolve) => (this.onEmpty = resolve));
    for (const connection of this.open) connection.end();
    const cutting = setTimeout(() => {
      for (const connection of this.open) connection.cut();
    }, GRACE_MS);
    await emptied;
    clearTimeout(cutting);
  }
}
