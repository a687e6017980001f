/**
 * What a replay shows of the parts that a list is mixed of: for every query, the probability that each of them gave to
 * the item that was clicked next. By moment, as columns to fit weights to.
 */
import { type Moment, MOMENTS, momentOf } from '../../engine/blend-weights.js';
import { SOURCE_NAMES } from '../../engine/stage-name.js';
import { EVIDENCE } from '../../engine/sources/popularity.js';
import { type Answered } from '../../replay/replay.js';
import { type LiveState } from '../../state/live-state.js';

/** A scope at a half-life that popularity could be mixed of. */
export interface ScopeCell {
  readonly scope: string;
  readonly halfLifeMs: number;
}

/** One row a query, growing. */
export interface MomentRows {
  readonly shares: number[];
  readonly gates: number[];
  readonly sources: number[];
  /** Queries, the missed ones included. */
  asked: number;
  /** Queries whose clicked item no source had retrieved: no weights can bring it. */
  missed: number;
}

export class Observations {
  readonly cells: readonly ScopeCell[];
  readonly moments: Readonly<Record<Moment, MomentRows>>;

  constructor({ settings }: LiveState) {
    this.cells = settings.scopes.flatMap((scope) => settings.halfLivesMs.map((halfLifeMs) => ({ scope, halfLifeMs })));
    const rows = (): MomentRows => ({ shares: [], gates: [], sources: [], asked: 0, missed: 0 });
    this.moments = Object.fromEntries(MOMENTS.map((moment) => [moment, rows()])) as Record<Moment, MomentRows>;
  }

  /** Adds one query, while its list is fresh. */
  add({ inspection: { slate, candidates }, state, target }: Answered): void {
    const { codes, place, segment, asOf } = slate.asked;
    const rows = this.moments[momentOf(segment, place)];
    rows.asked++;
    const at = candidates.items.indexOf(target);
    if (at === -1) {
      rows.missed++;
      return;
    }
    const { popularity } = state;
    for (const table of popularity.lookup(codes, place)) {
      for (let half = 0; half < popularity.halfLivesMs.length; half++) {
        const evidence = table?.evidence(half, asOf) ?? 0;
        rows.shares.push(table?.share(target, half) ?? 0);
        rows.gates.push(evidence / (evidence + EVIDENCE));
      }
    }
    SOURCE_NAMES.forEach((_, source) => rows.sources.push(candidates.scores[source]![at]!));
  }
}
