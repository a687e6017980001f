/**
 * What every system is measured against: one global counter of clicks, decayed with a half-life of 20 minutes, kept live. It
 * counts every click, and it is all that a list needs; whatever is cleverer must beat it.
 */
import { type Event } from '../events/event.js';
import { type ItemPredicate } from '../engine/item-filter.js';
import { type Baseline } from './baseline.js';
import { type SideFold } from './fold.js';
import { type Answered } from './replay.js';
import { logStamp } from '../math/log-domain.js';
import { CounterTable } from '../state/counter-table.js';
import { type SectionReader, type SectionWriter } from '../state/sections.js';
import { type StateSettings } from '../state/state-settings.js';

const HALF_LIFE_MS = 20 * 60_000;
const ITEMS = 65_536;
/** Long enough for ten items that a reader has not seen, however much was read. */
const LIST = 1_024;

export class LivePopularity implements SideFold, Baseline {
  readonly name = 'livePopularity';
  private readonly table = new CounterTable({ halfLivesMs: [HALF_LIFE_MS], bound: ITEMS, list: LIST });
  private readonly indexOf = new Map<string, number>();
  private readonly ids: string[] = [];
  private readonly stamps = new Float64Array(1);
  /** Clicks counted so far. */
  clicks = 0;

  constructor(private readonly weights: StateSettings['weights']) {}

  apply(event: Event): void {
    if (event.kind !== 'interaction' || !(this.weights[event.type] > 0)) return;
    this.stamps[0] = logStamp(1, event.at, HALF_LIFE_MS);
    this.table.add(this.enter(event.itemId), this.stamps);
    this.clicks++;
  }

  /** The `count` most popular items, as indexes of the state, that `keeps` holds for. */
  best(count: number, { state }: Pick<Answered, 'state'>, keeps: ItemPredicate): readonly number[] {
    const found: number[] = [];
    for (const entry of this.table.best(0, LIST)) {
      if (found.length === count) break;
      const item = state.items.find(this.ids[entry]!);
      if (item !== -1 && keeps(item)) found.push(item);
    }
    return found;
  }

  private enter(itemId: string): number {
    let index = this.indexOf.get(itemId);
    if (index === undefined) {
      index = this.ids.length;
      this.indexOf.set(itemId, index);
      this.ids.push(itemId);
    }
    return index;
  }

  save(out: SectionWriter): void {
    out.json('ids', this.ids);
    out.json('clicks', this.clicks);
    this.table.save('table', out);
  }

  load(from: SectionReader): void {
    from.json<string[]>('ids').forEach((id) => this.enter(id));
    this.clicks = from.json('clicks');
    this.table.load('table', from);
  }
}
