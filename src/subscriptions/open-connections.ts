/**
 * The connections that subscribe: so many and no more, so many of one caller, and all of them end when the server does. Who has not
 * said who it is waits at the door, where there is room for few, and takes no place from anybody.
 */
import { ApiError } from '../../resolvers/errors.js';

export interface Connection {
  /** Asks the reader to go: says that it is over. */
  end(): void;
  /** Cuts the connection. */
  cut(): void;
}

export interface Room {
  readonly most: number;
  readonly perCaller: number;
  /** Connections whose caller is not known yet. */
  readonly waiting: number;
}

/** How long readers have to take the last message when the server ends, ms. */
const GRACE_MS = 1_000;

export class OpenConnections {
  private readonly waiting = new Set<Connection>();
  /** With their callers. */
  private readonly open = new Map<Connection, string>();
  private readonly ofCaller = new Map<string, number>();
  private isClosing = false;
  private onEmpty: () => void = () => undefined;

  constructor(private readonly room: Room) {}

  /** Whether one may come to the door. @throws ApiError DRAINING, TOO_MANY_SUBSCRIPTIONS */
  demandRoom(): void {
    this.demandPlace();
    if (this.waiting.size >= this.room.waiting) {
      throw tooMany(`${this.waiting.size} connections have not said who they are; the most is ${this.room.waiting}`);
    }
  }

  /** Waits at the door until it enters or leaves. @throws ApiError DRAINING, TOO_MANY_SUBSCRIPTIONS */
  wait(connection: Connection): void {
    this.demandRoom();
    this.waiting.add(connection);
  }

  /** Takes a place until it leaves. @throws ApiError DRAINING, TOO_MANY_SUBSCRIPTIONS */
  enter(connection: Connection, caller: string): void {
    this.demandPlace();
    const held = this.ofCaller.get(caller) ?? 0;
    if (held >= this.room.perCaller) {
      throw tooMany(`${held} connections of the caller subscribe; the most is ${this.room.perCaller}`);
    }
    this.waiting.delete(connection);
    this.open.set(connection, caller);
    this.ofCaller.set(caller, held + 1);
  }

  leave(connection: Connection): void {
    this.waiting.delete(connection);
    const caller = this.open.get(connection);
    if (caller !== undefined) {
      this.open.delete(connection);
      const left = this.ofCaller.get(caller)! - 1;
      if (left === 0) this.ofCaller.delete(caller);
      else this.ofCaller.set(caller, left);
    }
    if (this.isEmpty) this.onEmpty();
  }

  /** Ends all; resolves when they have ended or, where a reader does not listen, are cut. */
  async close(): Promise<void> {
    this.isClosing = true;
    if (this.isEmpty) return;
    const emptied = new Promise<void>((resolve) => (this.onEmpty = resolve));
    for (const connection of this.all) connection.end();
    const cutting = setTimeout(() => {
      for (const connection of this.all) connection.cut();
    }, GRACE_MS);
    await emptied;
    clearTimeout(cutting);
  }

  private get isEmpty(): boolean {
    return this.waiting.size + this.open.size === 0;
  }

  private get all(): readonly Connection[] {
    return [...this.waiting, ...this.open.keys()];
  }

  private demandPlace(): void {
    if (this.isClosing) throw new ApiError('DRAINING', 'the server is about to end; subscribe again');
    if (this.open.size >= this.room.most) {
      throw tooMany(`${this.open.size} connections subscribe; the most is ${this.room.most}`);
    }
  }
}

const tooMany = (message: string): ApiError => new ApiError('TOO_MANY_SUBSCRIPTIONS', message);
