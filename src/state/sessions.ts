/**
 * Who was reading under a session id: rows of session and user, a bounded number of them, oldest out first. What rows there
 * are and where depends, for each user, on that user's events alone, never on who else shares a session: so a log in which an
 * erasure has given one person's sessions other names folds to the same rows in the same places.
 */
import { Chains } from './chains.js';
import { type SectionReader, type SectionWriter } from './sections.js';

/** Users of a session that are told. */
const USERS = 4;
/** A user's last rows, among which a session is looked for before it gets another row. */
const REMEMBERED = 8;
const NONE = -1;
const NO_KEY = -1;

export class Sessions {
  /** Written round and round: `next` is the oldest row. */
  private keys: Float64Array;
  private users: Int32Array;
  private next = 0;
  private readonly byKey: Chains;
  private readonly byUser: Chains;

  /** `bound`: rows at most. */
  constructor(private readonly bound: number) {
    this.keys = new Float64Array(bound).fill(NO_KEY);
    this.users = new Int32Array(bound).fill(NONE);
    this.byKey = new Chains(bound);
    this.byUser = new Chains(bound);
  }

  /** Notes that the user is active under the session (key: hash of its id). */
  add(key: number, user: number): void {
    let known = this.byUser.newest(user);
    for (let count = 0; known !== NONE && count < REMEMBERED; count++) {
      if (this.keys[known] === key) return;
      known = this.byUser.older(known);
    }
    const row = this.next;
    this.next = (row + 1) % this.bound;
    this.clear(row);
    this.keys[row] = key;
    this.users[row] = user;
    this.byKey.join(key, row);
    this.byUser.join(user, row);
  }

  /** The last users to come to the session, four at most, the last one last; empty where it is not known. */
  usersOf(key: number): readonly number[] {
    const users: number[] = [];
    for (let row = this.byKey.newest(key); row !== NONE && users.length < USERS; row = this.byKey.older(row)) {
      if (!users.includes(this.users[row]!)) users.push(this.users[row]!);
    }
    return users.reverse();
  }

  /** Takes the user out of every session: another one may get its index. */
  remove(user: number): void {
    for (const row of this.rowsOf(user)) this.clear(row);
  }

  /** Puts another user in the place of one in every session. */
  replace(user: number, instead: number): void {
    const age = (row: number): number => (row - this.next + this.bound) % this.bound;
    const rows = [...this.rowsOf(user), ...this.rowsOf(instead)].sort((a, b) => age(a) - age(b));
    for (const row of rows) {
      this.byUser.leave(this.users[row]!, row);
      this.users[row] = instead;
    }
    for (const row of rows) this.byUser.join(instead, row);
  }

  get bytes(): number {
    return this.keys.byteLength + this.users.byteLength + this.byKey.bytes + this.byUser.bytes;
  }

  private rowsOf(user: number): number[] {
    const rows: number[] = [];
    for (let row = this.byUser.newest(user); row !== NONE; row = this.byUser.older(row)) rows.push(row);
    return rows;
  }

  private clear(row: number): void {
    if (this.keys[row] === NO_KEY) return;
    this.byKey.leave(this.keys[row]!, row);
    this.byUser.leave(this.users[row]!, row);
    this.keys[row] = NO_KEY;
    this.users[row] = NONE;
  }

  save(out: SectionWriter): void {
    out.json('sessions.next', this.next);
    out.array('sessions.keys', this.keys);
    out.array('sessions.users', this.users);
  }

  load(from: SectionReader): void {
    this.next = from.json('sessions.next');
    this.keys = from.array('sessions.keys');
    this.users = from.array('sessions.users');
    for (let age = 0; age < this.bound; age++) {
      const row = (this.next + age) % this.bound;
      if (this.keys[row] === NO_KEY) continue;
      this.byKey.join(this.keys[row]!, row);
      this.byUser.join(this.users[row]!, row);
    }
  }
}
