/**
 * Erasure of a person, in steps that survive a crash: the intent is noted in a file, the forget event is appended and folded,
 * the person's entries in the log get a random name that nothing points to, older checkpoints and kept folds of replays go. The forget event itself
 * keeps the id a little longer, for processes that have not folded it yet.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type ForgetEvent } from './events/event.js';
import { type EventLog, type Position } from './events/log.js';
import { type UserRecords } from './profiles/user-records.js';
import { type Follower } from './state/follower.js';
import { type MergedId } from './state/users.js';

/** Other processes look for new events more often than this. */
const FOLDED_BY_ALL_MS = 200;
/** After this the forget event loses the id too. */
export const FORGET_EVENT_KEEPS_ID_MS = 60_000;

/** What is gone, counted. */
export interface Erasure {
  readonly interactions: number;
  readonly profile: boolean;
  readonly slates: number;
  /** Entries of the log that got another name; a merge counts for each of its two ids. */
  readonly logEntries: number;
  readonly position: Position;
}

interface Intent {
  readonly pseudonym: string;
  readonly sessionSalt: string;
  readonly userId: string;
  /** Position of the forget event; null until it is known to be in the log. */
  readonly position: Position | null;
  /** Ids that had been merged into the user, and up to where they were this person. */
  readonly merged: readonly MergedId[];
}

export interface ErasuresOptions {
  readonly folder: string;
  /** Folds that replays have kept: they know the person, and go by names that the log no longer has. */
  readonly replays: string;
  readonly log: EventLog;
  readonly follower: Follower;
  readonly records: UserRecords;
  readonly onProblem: (message: string) => void;
}

export class Erasures {
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(private readonly options: ErasuresOptions) {}

  /** Goes on with what an earlier process left unfinished. */
  async resume(): Promise<void> {
    const { folder } = this.options;
    for (const file of await readdir(folder).catch(() => [])) {
      const path = join(folder, file);
      const intent = JSON.parse(await readFile(path, 'utf8')) as Intent;
      const { done } = await this.carryOut(path, intent, Date.now());
      await this.finish(path, done);
    }
  }

  /** Erases the user. Resolves when nothing but the forget event knows the id. */
  async erase(userId: string, now: number): Promise<Omit<Erasure, 'slates'>> {
    const { folder, follower } = this.options;
    const [before] = follower.state.users.read([userId], follower.state.position);
    const interactions = before?.history.length ?? 0;
    const merged = before == null || before.index === -1 ? [] : follower.state.users.mergedInto(before.index);
    const pseudonym = `erased-${randomUUID()}`;
    const intent: Intent = { pseudonym, sessionSalt: randomUUID(), userId, position: null, merged };
    const path = join(folder, `${intent.pseudonym}.json`);
    await mkdir(folder, { recursive: true });
    const { done, logEntries } = await this.carryOut(path, intent, now);
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.finish(path, done).catch((error: unknown) => this.options.onProblem(`erasure: ${String(error)}`));
    }, FORGET_EVENT_KEEPS_ID_MS);
    this.timers.add(timer.unref());
    return { interactions, profile: before?.profile != null, logEntries, position: done.position! };
  }

  /** What is not finished by now is when the next process starts. */
  close(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }

  private async carryOut(path: string, intent: Intent, at: number): Promise<{ done: Intent; logEntries: number }> {
    const { follower, records, replays } = this.options;
    const { userId, merged } = intent;
    await writeFile(path, JSON.stringify(intent), { flush: true });
    const position = intent.position ?? (await this.append(path, intent, at));
    const done = { ...intent, position };
    await writeFile(path, JSON.stringify(done), { flush: true });
    await follower.catchUp();
    await delay(FOLDED_BY_ALL_MS);
    const logEntries = await this.rewrite(done, false);
    await follower.checkpoint({ only: true });
    await rm(replays, { recursive: true, force: true });
    for (const id of [userId, ...merged.map((one) => one.userId)]) records.erase(id);
    return { done, logEntries };
  }

  /** An event that the log refuses leaves no intent behind: nothing has happened. */
  private async append(path: string, { userId, pseudonym }: Intent, at: number): Promise<Position> {
    // The second event forgets for a fold that comes when the person's entries bear the pseudonym and the first still the id.
    const events = [userId, pseudonym].map((id): ForgetEvent => ({ kind: 'forget', userId: id, at }));
    try {
      return (await this.options.log.append(events)).position;
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }

  private async finish(path: string, intent: Intent): Promise<void> {
    await this.rewrite(intent, true);
    await rm(path, { force: true });
  }

  /** Each merged id gets a name of its own, so that a fold of the rewritten log goes through the same merges. */
  private async rewrite(intent: Intent, includeForgets: boolean): Promise<number> {
    const { userId, position, pseudonym, merged, sessionSalt } = intent;
    let count = 0;
    for (const [number, id] of [{ userId, position: position! }, ...merged].entries()) {
      const name = number === 0 ? pseudonym : `${pseudonym}-${number}`;
      const options = { upTo: id.position, includeForgets, sessionSalt };
      count += await this.options.log.pseudonymise(id.userId, name, options);
    }
    return count;
  }
}
