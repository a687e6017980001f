/** Who was reading under a session id: up to four users a session, for a bounded number of sessions, oldest out first. */
import { NumberMap } from '../math/number-map.js';
import { type SectionReader, type SectionWriter } from './sections.js';

const USERS = 4;
const NONE = -1;
const NO_KEY = -1;

export class Sessions {
  private keys: Float64Array;
  private users: Int32Array;
  private next = 0;
  private readonly placeOf: NumberMap;

  constructor(private readonly bound: number) {
    this.keys = new Float64Array(bound).fill(NO_KEY);
    this.users = new Int32Array(bound * USERS).fill(NONE);
    this.placeOf = new NumberMap(1024);
  }

  /** Notes that the user is active under the session (key: hash of its id); the fifth user takes the first one's place. */
  add(key: number, user: number): void {
    let place = this.placeOf.get(key);
    if (place === NONE) {
      place = this.next;
      this.next = (this.next + 1) % this.bound;
      this.release(place);
      this.keys[place] = key;
      this.placeOf.set(key, place);
    }
    const users = this.users.subarray(place * USERS, (place + 1) * USERS);
    if (users.includes(user)) return;
    const free = users.indexOf(NONE);
    if (free === -1) users.copyWithin(0, 1);
    users[free === -1 ? USERS - 1 : free] = user;
  }

  /** Users seen under the session; empty where it is not known. */
  usersOf(key: number): readonly number[] {
    const place = this.placeOf.get(key);
    if (place === NONE) return [];
    return [...this.users.subarray(place * USERS, (place + 1) * USERS)].filter((user) => user !== NONE);
  }

  /** Takes the user out of every session (another one may get its index), or puts `instead` there. */
  replace(user: number, instead: number = NONE): void {
    for (let at = this.users.indexOf(user); at !== -1; at = this.users.indexOf(user, at)) {
      const place = Math.floor(at / USERS);
      const users = this.users.subarray(place * USERS, (place + 1) * USERS);
      const kept = [...users].filter((other) => other !== user && other !== instead && other !== NONE);
      if (instead !== NONE) kept.push(instead);
      users.fill(NONE).set(kept);
      if (kept.length === 0) this.release(place);
    }
  }

  get bytes(): number {
    return this.keys.byteLength + this.users.byteLength + this.placeOf.size * 24;
  }

  private release(place: number): void {
    if (this.keys[place] === NO_KEY) return;
    this.placeOf.delete(this.keys[place]!);
    this.keys[place] = NO_KEY;
    this.users.fill(NONE, place * USERS, (place + 1) * USERS);
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
    this.keys.forEach((key, place) => {
      if (key !== NO_KEY) this.placeOf.set(key, place);
    });
  }
}
