/**
 * How much each source speaks for a list, and within popularity each scope and half-life: fitted, and part of a snapshot,
 * or set by hand in the scenario. Fitted weights tell moments apart: a reader who comes back is not one in the midst of a visit.
 */
import { FIRST_CLICK, type SessionPlace } from '../state/scope.js';
import { type Scenario, type Segment, type SourceWeights } from './scenario.js';
import { DEFAULT_COMPONENTS, type PopularityComponent } from './sources/popularity-components.js';

export const MOMENTS = ['COLD', 'WARM_START', 'WARM_NEXT'] as const;
export type Moment = (typeof MOMENTS)[number];

export interface MomentWeights {
  readonly sources: SourceWeights;
  readonly popularity: readonly PopularityComponent[];
}
export type FittedWeights = Readonly<Record<Moment, MomentWeights>>;

export function momentOf(segment: Segment, place: SessionPlace): Moment {
  if (segment === 'COLD') return 'COLD';
  return place === FIRST_CLICK ? 'WARM_START' : 'WARM_NEXT';
}

/** The weights for a list: the scenario's own, or the fitted ones where the scenario leaves it to the fit. */
export function weightsFor(
  { fitted, weights }: Scenario,
  { segment, place }: { readonly segment: Segment; readonly place: SessionPlace },
  snapshot: { readonly weights: FittedWeights | null; readonly als: object | null } | null,
): MomentWeights {
  const learnt = snapshot?.weights?.[momentOf(segment, place)];
  const wanted = fitted && learnt !== undefined ? learnt.sources : weights[segment];
  // Without factors there is nothing to ask.
  const sources = (snapshot?.als ?? null) === null ? { ...wanted, ALS: 0 } : wanted;
  return { sources, popularity: learnt?.popularity ?? DEFAULT_COMPONENTS };
}
