/**
 * A scenario: how one kind of list is made. Clients name it; operators define more of them in the settings.
 * Every source gives probabilities, so the weights are those of a mixture: how much of the list each source speaks for.
 */
import { type SourceName } from './stage-name.js';

export type Segment = 'COLD' | 'WARM';
export type SourceWeights = Readonly<Record<SourceName, number>>;

/** At most `most` items with the same value of the attribute among the first `within` ranks; the rest moves down. */
export interface AttributeCap {
  readonly attribute: string;
  readonly most: number;
  readonly within: number;
}

export interface Scenario {
  readonly name: string;
  /** Whether a snapshot's fitted weights take the place of these. */
  readonly fitted: boolean;
  /** 0 switches a source off. */
  readonly weights: Readonly<Record<Segment, SourceWeights>>;
  /** Candidates that each source may bring. */
  readonly quotas: Readonly<Record<SourceName, number>>;
  readonly diversity: {
    /** Weight of relevance against similarity to what stands above (Carbonell and Goldstein 1998); 1 is off. */
    readonly lambda: number;
    /** Attributes whose equal values make items similar; without any, being read together does. */
    readonly attributes: readonly string[];
    readonly caps: readonly AttributeCap[];
  };
}

const QUOTAS = { POPULARITY: 200, NEWEST: 50, ITEM_NEIGHBOURS: 100, USER_NEIGHBOURS: 300, ALS: 100 };

const DEFAULT: Scenario = {
  name: 'default',
  fitted: true,
  weights: {
    COLD: { POPULARITY: 0.95, NEWEST: 0.05, ITEM_NEIGHBOURS: 0, USER_NEIGHBOURS: 0, ALS: 0 },
    WARM: { POPULARITY: 0.6, NEWEST: 0.03, ITEM_NEIGHBOURS: 0.27, USER_NEIGHBOURS: 0.1, ALS: 0.05 },
  },
  quotas: QUOTAS,
  diversity: { lambda: 0.95, attributes: [], caps: [] },
};

export const BUILT_IN_SCENARIOS: readonly Scenario[] = [
  DEFAULT,
  {
    ...DEFAULT,
    name: 'fresh',
    fitted: false,
    weights: {
      COLD: { POPULARITY: 0.5, NEWEST: 0.5, ITEM_NEIGHBOURS: 0, USER_NEIGHBOURS: 0, ALS: 0 },
      WARM: { POPULARITY: 0.3, NEWEST: 0.5, ITEM_NEIGHBOURS: 0.15, USER_NEIGHBOURS: 0.05, ALS: 0.05 },
    },
  },
  { ...DEFAULT, name: 'diverse', diversity: { ...DEFAULT.diversity, lambda: 0.6 } },
];

/** What `Item.similar` uses: only the item speaks, popularity breaks the ties. */
export const SIMILAR_ITEMS: Scenario = {
  ...DEFAULT,
  name: 'similar',
  fitted: false,
  weights: {
    COLD: { POPULARITY: 0.02, NEWEST: 0, ITEM_NEIGHBOURS: 0.7, USER_NEIGHBOURS: 0.28, ALS: 0 },
    WARM: { POPULARITY: 0.02, NEWEST: 0, ITEM_NEIGHBOURS: 0.7, USER_NEIGHBOURS: 0.28, ALS: 0 },
  },
  diversity: { lambda: 1, attributes: [], caps: [] },
};

/** What `popularItems` uses. */
export const POPULAR_ITEMS: Scenario = {
  ...DEFAULT,
  name: 'popular',
  fitted: false,
  weights: {
    COLD: { POPULARITY: 1, NEWEST: 0, ITEM_NEIGHBOURS: 0, USER_NEIGHBOURS: 0, ALS: 0 },
    WARM: { POPULARITY: 1, NEWEST: 0, ITEM_NEIGHBOURS: 0, USER_NEIGHBOURS: 0, ALS: 0 },
  },
  diversity: { lambda: 1, attributes: [], caps: [] },
};
