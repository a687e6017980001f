/** The session that each user in memory is in, in flat arrays by the user's index. */
import { grow } from '../math/grow.js';
import { type SectionReader, type SectionWriter } from './sections.js';

/** The session that the user's last click belongs to. */
export interface CurrentSession {
  readonly key: number;
  /** Clicks in it so far; the next one has this place. */
  readonly clicks: number;
  readonly lastAt: number;
  /** Whether clients named it, or it was told by the gap between clicks. */
  readonly named: boolean;
}

const NONE = -1;

export class CurrentSessions {
  private key = new Float64Array(0);
  private clicks = new Int32Array(0);
  private lastAt = new Float64Array(0);
  private named = new Uint8Array(0);

  of(user: number): CurrentSession | null {
    const key = this.key[user]!;
    if (key === NONE) return null;
    return { key, clicks: this.clicks[user]!, lastAt: this.lastAt[user]!, named: this.named[user] === 1 };
  }

  set(user: number, session: CurrentSession | null): void {
    this.key[user] = session?.key ?? NONE;
    this.clicks[user] = session?.clicks ?? 0;
    this.lastAt[user] = session?.lastAt ?? 0;
    this.named[user] = session?.named === true ? 1 : 0;
  }

  /** Makes room for users below this index; none of the new ones is in a session. */
  reserve(users: number): void {
    this.key = grow(this.key, users, NONE);
    this.clicks = grow(this.clicks, users);
    this.lastAt = grow(this.lastAt, users);
    this.named = grow(this.named, users);
  }

  get bytes(): number {
    return this.key.byteLength + this.clicks.byteLength + this.lastAt.byteLength + this.named.byteLength;
  }

  /** Of users below this index. */
  save(out: SectionWriter, users: number): void {
    out.array('users.sessionKey', this.key.subarray(0, users));
    out.array('users.sessionClicks', this.clicks.subarray(0, users));
    out.array('users.sessionLastAt', this.lastAt.subarray(0, users));
    out.array('users.sessionNamed', this.named.subarray(0, users));
  }

  load(from: SectionReader): void {
    this.key = from.array('users.sessionKey');
    this.clicks = from.array('users.sessionClicks');
    this.lastAt = from.array('users.sessionLastAt');
    this.named = from.array('users.sessionNamed');
  }
}
