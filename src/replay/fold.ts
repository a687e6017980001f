/** What is folded over the events of a replay: the live state, and whatever a listener counts beside it. */
import { type Event } from '../events/event.js';
import { type Position } from '../events/log.js';
import { type LiveState } from '../state/live-state.js';
import { type Saved, type SectionReader, type SectionWriter } from '../state/sections.js';

export interface SideFold extends Saved {
  /** Prefix of its sections in a checkpoint. */
  readonly name: string;
  apply(event: Event, position: Position): void;
}

/** State and side folds as one, to be checkpointed as one. */
export class Fold implements Saved {
  constructor(
    readonly state: LiveState,
    private readonly beside: readonly SideFold[],
  ) {}

  get position(): Position {
    return this.state.position;
  }

  get settings(): LiveState['settings'] {
    return this.state.settings;
  }

  apply(event: Event, position: Position): void {
    for (const fold of this.beside) fold.apply(event, position);
    this.state.apply(event, position);
  }

  save(out: SectionWriter): void {
    this.state.save(out);
    for (const fold of this.beside) {
      fold.save({
        array: (section, values) => out.array(nameOf(fold, section), values),
        json: (section, value) => out.json(nameOf(fold, section), value),
      });
    }
  }

  load(from: SectionReader): void {
    this.state.load(from);
    for (const fold of this.beside) {
      fold.load({
        array: (section) => from.array(nameOf(fold, section)),
        json: (section) => from.json(nameOf(fold, section)),
      });
    }
  }
}

function nameOf({ name }: SideFold, section: string): string {
  return `beside.${name}.${section}`;
}
