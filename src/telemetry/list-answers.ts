/**
 * What came of lists that were shown: ties each interaction that names a list to the stages that found its item, read off the kept
 * list. It is done in the background, after the interaction was answered; one list is read at a time, so that others are
 * served between. Ids of users, sessions and items don't leave it.
 */
import { setImmediate } from 'node:timers/promises';
import { foundBy } from '../engine/found-by.js';
import { type Slate } from '../engine/slate.js';
import { type StageName } from '../engine/stage-name.js';
import { type Event, type InteractionType } from '../events/event.js';
import { type Appended } from '../events/log.js';
import { Outbox } from './outbox.js';

/** Interactions of one type that answer one list and were recorded at about the same time. */
export interface ListAnswer {
  readonly type: InteractionType;
  readonly recommendationId: string;
  readonly scenario: string;
  readonly segment: Slate['segment'];
  readonly snapshot: string | null;
  readonly count: number;
  /** Place on the list, from 1, of the first of them. */
  readonly rank: number;
  /** How many of them each stage found; several may have found the same item. */
  readonly stages: ReadonlyMap<StageName, number>;
}

/** Why an interaction that names a list can't be tied to it. */
export type Unattributed = 'list_gone' | 'not_on_list' | 'queue_full';

export interface ListAnswersParts {
  /** Null where the list has expired or never was. */
  readonly slateOf: (id: string) => Promise<Slate | null>;
  /** Index of the item; -1: there is none. */
  readonly itemOf: (itemId: string) => number;
  /** Must not throw. */
  readonly onAnswer: (answer: ListAnswer) => void;
  readonly onUnattributed: (reason: Unattributed) => void;
  /** Interactions that wait at most. */
  readonly most?: number;
}

interface Entry {
  readonly type: InteractionType;
  readonly recommendationId: string;
  readonly itemId: string;
  readonly rank: number | undefined;
}

interface Tally extends Omit<ListAnswer, 'count' | 'stages'> {
  count: number;
  readonly stages: Map<StageName, number>;
}

/** Interactions with one list come together: it is read once for all of these, ms. */
const GATHER_MS = 200;

export class ListAnswers {
  private readonly outbox: Outbox<Entry>;

  constructor(private readonly parts: ListAnswersParts) {
    this.outbox = new Outbox({
      most: parts.most ?? 20_000,
      afterMs: GATHER_MS,
      deliver: (entries) => this.attribute(entries),
    });
  }

  /** Takes what was appended, without what had been recorded before. */
  readonly offer = (events: readonly Event[], { positions }: Pick<Appended, 'positions'>): void => {
    events.forEach((event, at) => {
      if (event.kind !== 'interaction' || event.recommendationId === undefined || event.type === 'UNDO') return;
      if (positions[at] === null) return;
      const { type, recommendationId, itemId, rank } = event;
      if (!this.outbox.offer({ type, recommendationId, itemId, rank })) this.parts.onUnattributed('queue_full');
    });
  };

  /** Resolves when all that was offered before is told. */
  flush(): Promise<void> {
    return this.outbox.flush();
  }

  private async attribute(entries: readonly Entry[]): Promise<void> {
    const lists = new Map<string, Entry[]>();
    for (const entry of entries) {
      const list = lists.get(entry.recommendationId);
      if (list === undefined) lists.set(entry.recommendationId, [entry]);
      else list.push(entry);
    }
    for (const [id, answers] of lists) {
      // Whoever can't read the list now won't be waited for.
      const slate = await this.parts.slateOf(id).catch(() => null);
      if (slate === null) answers.forEach(() => this.parts.onUnattributed('list_gone'));
      else this.tally(slate, answers);
      await setImmediate();
    }
  }

  private tally(slate: Slate, entries: readonly Entry[]): void {
    const tallies = new Map<InteractionType, Tally>();
    for (const { type, itemId, rank } of entries) {
      const at = placeOf(slate, this.parts.itemOf(itemId), rank);
      if (at === -1) {
        this.parts.onUnattributed('not_on_list');
        continue;
      }
      let tally = tallies.get(type);
      if (tally === undefined) tallies.set(type, (tally = emptyTally(slate, type, at + 1)));
      tally.count++;
      for (const stage of foundBy(slate, at)) tally.stages.set(stage, (tally.stages.get(stage) ?? 0) + 1);
    }
    for (const tally of tallies.values()) this.parts.onAnswer(tally);
  }
}

function emptyTally({ id, asked, segment, snapshot }: Slate, type: InteractionType, rank: number): Tally {
  const { scenario } = asked.query;
  return {
    type,
    recommendationId: id,
    scenario: scenario.name,
    segment,
    snapshot: snapshot?.id ?? null,
    count: 0,
    rank,
    stages: new Map(),
  };
}

/** Place of the item on the list, from 0; -1 where it is not on it. The rank that a client names is where it is looked for first. */
function placeOf({ items }: Slate, item: number, rank: number | undefined): number {
  if (item === -1) return -1;
  return rank !== undefined && items[rank - 1] === item ? rank - 1 : items.indexOf(item);
}
