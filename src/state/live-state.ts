/**
 * Everything that an event can change at once, as a pure fold over the log: `apply` takes one event after the other, in the
 * log's order, and nothing else changes anything. Equal logs give equal states, bit for bit, on one build.
 */
import { type Event, type ProfileEvent } from '../events/event.js';
import { type Position } from '../events/log.js';
import { type UserRecords } from '../profiles/user-records.js';
import { CoClicks } from './co-clicks.js';
import { Contexts } from './contexts.js';
import { applyForget, applyMerge } from './identity.js';
import { Imports } from './imports.js';
import { applyInteraction } from './interaction.js';
import { Items } from './items.js';
import { Popularity } from './popularity.js';
import { Readers } from './readers.js';
import { type Saved, type SectionReader, type SectionWriter } from './sections.js';
import { Sessions } from './sessions.js';
import { type StateSettings } from './state-settings.js';
import { Users } from './users.js';

export class LiveState implements Saved {
  /** Position of the last event applied; 0 before the first. */
  position: Position = 0;
  /** The latest time that an interaction named, ms; 0 before the first. */
  latestAt = 0;
  readonly items = new Items();
  readonly contexts = new Contexts();
  readonly users: Users;
  readonly popularity: Popularity;
  readonly coClicks: CoClicks;
  readonly readers: Readers;
  readonly sessions: Sessions;
  readonly imports = new Imports();

  constructor(
    readonly settings: StateSettings,
    readonly records: UserRecords,
  ) {
    const { bounds } = settings;
    this.sessions = new Sessions(bounds.sessions);
    this.users = new Users({
      bound: bounds.users,
      history: bounds.history,
      records,
      onLeave: (index) => this.sessions.remove(index),
    });
    this.popularity = new Popularity(settings, this.contexts);
    this.coClicks = new CoClicks(settings);
    this.readers = new Readers(bounds.readers);
  }

  /** Folds the event at this position in. Total: whatever the log holds is applied or, where it makes no sense, ignored. */
  apply(event: Event, position: Position): void {
    switch (event.kind) {
      case 'interaction':
        applyInteraction(this, event, position);
        break;
      case 'item':
        this.items.upsert(event);
        break;
      case 'profile':
        this.applyProfile(event, position);
        break;
      case 'merge':
        applyMerge(this, event, position);
        break;
      case 'forget':
        applyForget(this, event.userId, position);
        break;
      case 'import':
        this.imports.apply(event);
        break;
    }
    this.position = position;
  }

  private applyProfile(event: ProfileEvent, position: Position): void {
    const index = this.users.activate(event.userId, position);
    const before = this.users.view(index).profile;
    const attributes = { ...before?.attributes, ...event.attributes };
    this.users.setProfile(index, {
      context: { ...before?.context, ...event.context },
      attributes: Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null)),
      updatedAt: event.at,
    });
  }

  /** Bytes of the flat arrays by part; ids and attributes, which are JavaScript strings and objects, come on top. */
  bytes(): Readonly<Record<'users' | 'popularity' | 'coClicks' | 'readers' | 'sessions', number>> {
    return {
      users: this.users.bytes,
      popularity: this.popularity.bytes,
      coClicks: this.coClicks.bytes,
      readers: this.readers.bytes,
      sessions: this.sessions.bytes,
    };
  }

  save(out: SectionWriter): void {
    out.json('position', this.position);
    out.json('latestAt', this.latestAt);
    for (const part of this.parts()) part.save(out);
  }

  load(from: SectionReader): void {
    this.position = from.json('position');
    this.latestAt = from.json('latestAt');
    for (const part of this.parts()) part.load(from);
  }

  private parts(): readonly Saved[] {
    const { items, contexts, users, popularity, coClicks, readers, sessions, imports } = this;
    return [items, contexts, users, popularity, coClicks, readers, sessions, imports];
  }
}
