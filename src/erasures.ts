/**
 * Erasure of a person, in steps that survive a crash: the intent is noted in a file, the forget event is appended and folded,
 * the person's entries in the log get a random name that nothing points to, older checkpoints, kept folds of replays, spilled
 * records and stored lists go. The forget event itself keeps the id a little longer, for processes that have not folded it yet. Whatever
 * process is there then takes the id out of it, and goes on with what one that has ended left unfinished.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type SlateStore } from './cache/slate-store.js';
import { type ErasureNote, type ErasureNotes } from './erasure-note.js';
import { type ForgetEvent } from './events/event.js';
import { type EventLog, LogUnavailableError, type Position } from './events/log.js';
import { processMark } from './disk/process-mark.js';
import { type Follower } from './state/follower.js';
import { dropKeptFolds } from './state/last-erasure.js';
import { type MergedId } from './state/users.js';
import { WorkFolder } from './training/work-folder.js';

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

export interface ErasuresOptions {
  readonly notes: ErasureNotes;
  /** Folder of folds that replays have kept: they know the person, and go by names that the log no longer has. */
  readonly replays: string;
  /** Folder of what trainings have finished: no ids, but what was fitted to the person among all others. */
  readonly trainings: string;
  readonly log: EventLog;
  readonly follower: Follower;
  readonly slates: Pick<SlateStore<never>, 'forget'>;
  /** Wall clock, ms. */
  readonly now: () => number;
  readonly onProblem: (message: string) => void;
}

export class Erasures {
  private readonly own = processMark();
  /** Erasures that are being carried out here now, by pseudonym. */
  private readonly running = new Set<string>();
  /** Damaged notes that were reported. */
  private readonly reported = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();

  constructor(private readonly options: ErasuresOptions) {}

  /** From now on looks every `everyMs` for erasures that are due, of this process and of those that have ended. */
  follow(everyMs: number): void {
    this.timer = setInterval(() => void this.resume(), everyMs);
    this.timer.unref();
  }

  /** Does what is due now. A note that can't be read or carried out is reported, and the others go on. */
  resume(): Promise<void> {
    this.looking = this.looking.then(() => this.look());
    return this.looking;
  }

  /** Erases the user. Resolves when nothing but the forget event knows the id. */
  async erase(userId: string, at: number): Promise<Erasure> {
    const { follower } = this.options;
    await follower.catchUp(); // another process may have merged users just now
    const { users } = follower.state;
    for (let asked; (asked = users.prefetch([userId], follower.state.position)) !== null;) await asked;
    const { position } = follower.state;
    const [before] = users.read([userId], position);
    const merged = users.mergedIds(userId, position);
    const note: ErasureNote = {
      pseudonym: `erased-${randomUUID()}`,
      sessionSalt: randomUUID(),
      userId,
      merged,
      at,
      owner: this.own,
      position: null,
      carriedOut: false,
    };
    const { done, logEntries, slates } = await this.alone(note, () => this.carryOut(note));
    const interactions = before?.history.length ?? 0;
    return { interactions, profile: before?.profile != null, slates, logEntries, position: done.position! };
  }

  /** What is not finished by now is another process's, or the next one's. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  private async look(): Promise<void> {
    const { notes, onProblem } = this.options;
    // Those that can't be looked at now stay.
    for (const name of await notes.names().catch((): string[] => [])) {
      try {
        const note = await notes.read(name);
        if (note !== null) await this.goOn(note);
        this.reported.delete(name);
      } catch (error) {
        if (this.reported.has(name)) continue;
        this.reported.add(name);
        onProblem((error as Error).message);
      }
    }
  }

  private async goOn(note: ErasureNote): Promise<void> {
    if (this.running.has(note.pseudonym) || !(await this.options.notes.claim(note))) return;
    await this.alone(note, async () => {
      const done = note.carriedOut ? note : (await this.carryOut({ ...note, owner: this.own })).done;
      if (this.options.now() >= done.at + FORGET_EVENT_KEEPS_ID_MS) await this.finish(done);
    });
  }

  private async alone<Result>(note: ErasureNote, run: () => Promise<Result>): Promise<Result> {
    const { pseudonym } = note;
    this.running.add(pseudonym);
    const letGo = this.options.notes.hold(note);
    return run().finally(() => {
      letGo();
      this.running.delete(pseudonym);
    });
  }

  private async carryOut(note: ErasureNote): Promise<{ done: ErasureNote; logEntries: number; slates: number }> {
    const { notes, follower, replays, trainings } = this.options;
    await notes.write(note);
    const appended = { ...note, position: note.position ?? (await this.append(note)) };
    await notes.write(appended);
    await follower.catchUp();
    const before = await this.forgetSlates(note);
    await delay(FOLDED_BY_ALL_MS);
    const logEntries = await this.rewrite(appended, false);
    await follower.checkpoint({ only: true });
    await dropKeptFolds(replays);
    // One under way goes on: what it fits forgets at the next fit, as what was fitted before.
    await WorkFolder.removeLeft(trainings);
    await this.eraseRecords(appended);
    // Those made before every process had folded the event.
    const slates = before + (await this.forgetSlates(note));
    const done = { ...appended, carriedOut: true };
    await notes.write(done);
    return { done, logEntries, slates };
  }

  /** An event that the log refuses leaves no note behind: nothing has happened. Where that is not known, the erasure goes on later. */
  private async append(note: ErasureNote): Promise<Position> {
    const { userId, pseudonym, at } = note;
    // The second event forgets for a fold that comes when the person's entries bear the pseudonym and the first still the id.
    const events = [userId, pseudonym].map((id): ForgetEvent => ({ kind: 'forget', userId: id, at }));
    try {
      return (await this.options.log.append(events)).position;
    } catch (error) {
      const isRefused = !(error instanceof LogUnavailableError && error.maybeAppended);
      if (isRefused) await this.options.notes.remove(note.pseudonym);
      throw error;
    }
  }

  private async forgetSlates(note: ErasureNote): Promise<number> {
    let count = 0;
    for (const id of idsOf(note)) count += await this.options.slates.forget(id);
    return count;
  }

  private async finish(note: ErasureNote): Promise<void> {
    // A process that stood still meanwhile may have written them once more.
    await this.eraseRecords(note);
    await this.rewrite(note, true);
    await this.options.notes.remove(note.pseudonym);
  }

  /** Whoever bears the id of a merged visitor since is somebody else. */
  private async eraseRecords(note: ErasureNote): Promise<void> {
    for (const id of erasedIds(note)) await this.options.follower.state.records.erase(id.userId, id.position);
  }

  /** Each merged id gets a name of its own, so that a fold of the rewritten log goes through the same merges. */
  private async rewrite(note: ErasureNote, includeForgets: boolean): Promise<number> {
    const { pseudonym, sessionSalt } = note;
    let count = 0;
    for (const [number, id] of erasedIds(note).entries()) {
      const name = number === 0 ? pseudonym : `${pseudonym}-${number}`;
      const options = { upTo: id.position, includeForgets, sessionSalt };
      count += await this.options.log.pseudonymise(id.userId, name, options);
    }
    return count;
  }
}

function idsOf({ userId, merged }: ErasureNote): readonly string[] {
  return [userId, ...merged.map((one) => one.userId)];
}

/** The ids of the person, and up to where in the log they were the person's, once the forget event is there. */
function erasedIds({ userId, position, merged }: ErasureNote): readonly MergedId[] {
  return [{ userId, position: position! }, ...merged];
}
