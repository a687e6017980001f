/**
 * Users in memory: an index each, their history, session and profile. At most a bounded number; the least recently active
 * one leaves as a record and comes back with its next event. Only events give indexes: a query reads and changes nothing.
 */
import { type Attributes, type Context } from '../events/event.js';
import { grow } from '../math/grow.js';
import { type UserRecords } from '../profiles/user-records.js';
import { type CurrentSession, CurrentSessions } from './current-sessions.js';
import { entryAt, Histories, type History, type HistoryEntry, historyOf } from './histories.js';
import { Recency } from './recency.js';
import { type SectionReader, type SectionWriter } from './sections.js';

export interface Profile {
  readonly context: Context;
  readonly attributes: Attributes;
  readonly updatedAt: number;
}

/** An id whose history was merged into this user, up to the position. */
export interface MergedId {
  readonly userId: string;
  readonly position: number;
}

/** What is known of a user; `history` is a view, valid until the next event. */
export interface UserView {
  readonly userId: string;
  /** Index in memory, or -1 for a user who spilled. */
  readonly index: number;
  /** Interactions other than impressions, ever: taking one back is one, so who has taken all back is known still. */
  readonly interactions: number;
  readonly history: History;
  readonly session: CurrentSession | null;
  readonly profile: Profile | null;
}

interface UserRecord {
  readonly interactions: number;
  readonly lostUntil: number;
  readonly entries: readonly HistoryEntry[];
  readonly session: CurrentSession | null;
  readonly profile: Profile | null;
  readonly merged: readonly MergedId[];
}

const NOTHING_LOST = -1;

export interface UsersOptions {
  /** Users in memory at most. */
  readonly bound: number;
  /** Interactions kept of a user. */
  readonly history: number;
  readonly records: UserRecords;
  /** Told the index of everybody who leaves memory, before somebody else gets it. */
  readonly onLeave?: (index: number) => void;
}

export class Users {
  private readonly ids: string[] = [];
  private readonly indexOf = new Map<string, number>();
  private readonly free: number[] = [];
  private readonly recency = new Recency();
  private readonly histories: Histories;
  private readonly profiles = new Map<number, Profile>();
  private readonly merged = new Map<number, readonly MergedId[]>();
  private interactions = new Int32Array(0);
  private lost = new Float64Array(0);
  private readonly sessions = new CurrentSessions();
  /** Users ever spilled or brought back: reads of unknown users skip the store while it is 0. */
  private spills = 0;

  private readonly bound: number;
  private readonly historyBound: number;
  private readonly records: UserRecords;
  private readonly onLeave: ((index: number) => void) | undefined;

  constructor({ bound, history, records, onLeave }: UsersOptions) {
    this.bound = bound;
    this.historyBound = history;
    this.records = records;
    this.onLeave = onLeave;
    this.histories = new Histories(history);
  }

  /** Indexes lie below this. */
  get indexes(): number {
    return this.ids.length;
  }

  /** Users in memory. */
  get count(): number {
    return this.indexOf.size;
  }

  /** Whether some of what is known stands in the store, where `save` does not reach. */
  get hasSpilled(): boolean {
    return this.spills > 0;
  }

  /** Whether so many users more could make some leave memory, or some have left it already. */
  needsRecords(more: number): boolean {
    return this.spills > 0 || this.count + more > this.bound;
  }

  /** Brings what is to be read of these users at the position near; null: it is. See `UserRecords.prefetch`. */
  prefetch(userIds: readonly string[], position: number): Promise<void> | null {
    const away = userIds.filter((userId) => !this.indexOf.has(userId));
    return away.length > 0 && this.needsRecords(away.length) ? this.records.prefetch(away, position) : null;
  }

  /** Whether the user can be read now. */
  isAtHand(userId: string): boolean {
    return this.spills === 0 || this.indexOf.has(userId) || this.records.isAtHand(userId);
  }

  /** Views of these users, who are at hand, as of the position; null for a user the log does not know. */
  read(userIds: readonly string[], position: number): readonly (UserView | null)[] {
    return userIds.map((userId) => {
      const index = this.indexOf.get(userId);
      if (index !== undefined) return this.view(index);
      const record = this.spilled(userId, position);
      return record === null ? null : { ...record, userId, index: -1, history: historyOf(record.entries) };
    });
  }

  view(index: number): UserView {
    return {
      userId: this.ids[index]!,
      index,
      interactions: this.interactions[index]!,
      history: this.histories.of(index),
      session: this.session(index),
      profile: this.profiles.get(index) ?? null,
    };
  }

  /** Ids of the users who were active last, the last one first. */
  mostRecent(count: number): readonly string[] {
    return this.recency.newest(count).map((index) => this.ids[index]!);
  }

  /** Index of the user in memory, or -1. */
  find(userId: string): number {
    return this.indexOf.get(userId) ?? -1;
  }

  /** Whose index this is; an index out of an old list of readers may since belong to somebody else, or to nobody (null). */
  idOf(index: number): string | null {
    return this.ids[index] || null;
  }

  history(index: number): History {
    return this.histories.of(index);
  }

  session(index: number): CurrentSession | null {
    return this.sessions.of(index);
  }

  /** Time of the latest entry that the bounded history has lost; -1 where it holds everything. */
  lostUntil(index: number): number {
    return this.lost[index]!;
  }

  /** Whether an entry of this time would be kept, and nothing of its time is lost already. */
  hasRoomAt(index: number, at: number): boolean {
    const { length, at: times } = this.histories.of(index);
    return at > this.lost[index]! && (length < this.historyBound || at >= times[0]!);
  }

  mergedInto(index: number): readonly MergedId[] {
    return this.merged.get(index) ?? [];
  }

  /** Ids that were merged into the user, for a user in memory or spilled as of the position. */
  mergedIds(userId: string, position: number): readonly MergedId[] {
    const index = this.find(userId);
    return index === -1 ? (this.spilled(userId, position)?.merged ?? []) : this.mergedInto(index);
  }

  /** For the fold: the user's index, who is new, comes back from the store, or is in memory; it counts as active now. */
  activate(userId: string, position: number): number {
    const known = this.indexOf.get(userId);
    if (known !== undefined) {
      this.recency.touch(known);
      return known;
    }
    if (this.indexOf.size >= this.bound) this.spill(this.recency.oldest, position);
    const record = this.spilled(userId, position);
    const index = this.enter(userId);
    if (record !== null) {
      this.restore(index, record);
      this.spills++;
    }
    return index;
  }

  addEntry(index: number, entry: HistoryEntry): number {
    const { length, at: times } = this.histories.of(index);
    if (length >= this.historyBound) this.lose(index, Math.min(times[0]!, entry.at));
    return this.histories.add(index, entry);
  }

  removeEntry(index: number, offset: number): void {
    this.histories.remove(index, offset);
  }

  /** Closes the time up to here: something of it is not kept. */
  lose(index: number, until: number): void {
    if (until > this.lost[index]!) this.lost[index] = until;
  }

  countInteraction(index: number, count = 1): void {
    this.interactions[index]! += count;
  }

  setSession(index: number, session: CurrentSession | null): void {
    this.sessions.set(index, session);
  }

  setProfile(index: number, profile: Profile): void {
    this.profiles.set(index, profile);
  }

  setMerged(index: number, merged: readonly MergedId[]): void {
    if (merged.length > 0) this.merged.set(index, merged);
  }

  /** Takes the user out of memory and store: merged into another one, or forgotten. */
  remove(userId: string, position: number): void {
    const index = this.indexOf.get(userId);
    if (index !== undefined) this.leave(index);
    if (this.spills > 0) this.records.remove(userId, position);
  }

  get bytes(): number {
    const { histories, sessions, interactions, lost } = this;
    return histories.bytes + sessions.bytes + interactions.byteLength + lost.byteLength;
  }

  private enter(userId: string): number {
    const index = this.free.pop() ?? this.ids.length;
    this.ids[index] = userId;
    this.indexOf.set(userId, index);
    this.interactions = grow(this.interactions, index + 1);
    this.lost = grow(this.lost, index + 1, NOTHING_LOST);
    this.sessions.reserve(index + 1);
    this.recency.touch(index);
    return index;
  }

  private leave(index: number): void {
    this.onLeave?.(index);
    this.indexOf.delete(this.ids[index]!);
    this.ids[index] = '';
    this.histories.clear(index);
    this.profiles.delete(index);
    this.merged.delete(index);
    this.interactions[index] = 0;
    this.lost[index] = NOTHING_LOST;
    this.setSession(index, null);
    this.recency.remove(index);
    this.free.push(index);
  }

  private spill(index: number, position: number): void {
    const { userId, history, interactions, session, profile } = this.view(index);
    const entries = Array.from({ length: history.length }, (_, offset) => entryAt(history, offset));
    const kept = { interactions, lostUntil: this.lostUntil(index), entries, session, profile };
    const record: UserRecord = { ...kept, merged: this.mergedInto(index) };
    this.records.put(userId, position, Buffer.from(JSON.stringify(record)));
    this.spills++;
    this.leave(index);
  }

  private spilled(userId: string, position: number): UserRecord | null {
    const bytes = this.spills === 0 ? undefined : this.records.get(userId, position);
    return bytes === undefined ? null : (JSON.parse(Buffer.from(bytes).toString()) as UserRecord);
  }

  private restore(index: number, record: UserRecord): void {
    for (const entry of record.entries) this.histories.add(index, entry);
    this.interactions[index] = record.interactions;
    this.lost[index] = record.lostUntil;
    this.setSession(index, record.session);
    if (record.profile !== null) this.profiles.set(index, record.profile);
    this.setMerged(index, record.merged);
  }

  save(out: SectionWriter): void {
    const { length } = this.ids;
    out.json('users.ids', this.ids);
    out.json('users.free', this.free);
    out.json('users.spills', this.spills);
    out.json(
      'users.profiles',
      [...this.profiles].sort(([a], [b]) => a - b),
    );
    out.json(
      'users.merged',
      [...this.merged].sort(([a], [b]) => a - b),
    );
    out.array('users.interactions', this.interactions.subarray(0, length));
    out.array('users.lost', this.lost.subarray(0, length));
    this.sessions.save(out, length);
    this.recency.save(out);
    this.histories.save(out);
  }

  load(from: SectionReader): void {
    for (const id of from.json<string[]>('users.ids')) {
      if (id !== '') this.indexOf.set(id, this.ids.length);
      this.ids.push(id);
    }
    this.free.push(...from.json<number[]>('users.free'));
    this.spills = from.json('users.spills');
    for (const [index, profile] of from.json<[number, Profile][]>('users.profiles')) this.profiles.set(index, profile);
    for (const [index, ids] of from.json<[number, MergedId[]][]>('users.merged')) this.merged.set(index, ids);
    this.interactions = from.array('users.interactions');
    this.lost = from.array('users.lost');
    this.sessions.load(from);
    this.recency.load(from);
    this.histories.load(from);
  }
}
