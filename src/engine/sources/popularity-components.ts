/** What popularity is mixed of where nothing has been fitted: narrow scopes and short half-lives carry most. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export interface PopularityComponent {
  readonly scope: string;
  readonly halfLifeMs: number;
  /** What it would have if every scope had seen enough. */
  readonly weight: number;
}

export const DEFAULT_COMPONENTS: readonly PopularityComponent[] = [
  { scope: 'referrer+position', halfLifeMs: 10 * MINUTE_MS, weight: 0.2 },
  { scope: 'device+referrer+position', halfLifeMs: 10 * MINUTE_MS, weight: 0.15 },
  { scope: 'region+referrer+position', halfLifeMs: 30 * MINUTE_MS, weight: 0.15 },
  { scope: 'referrer+position', halfLifeMs: 3 * MINUTE_MS, weight: 0.1 },
  { scope: 'referrer', halfLifeMs: 10 * MINUTE_MS, weight: 0.05 },
  { scope: 'region+position', halfLifeMs: 30 * MINUTE_MS, weight: 0.05 },
  { scope: 'region', halfLifeMs: 3 * HOUR_MS, weight: 0.05 },
  { scope: 'device', halfLifeMs: 30 * MINUTE_MS, weight: 0.05 },
  { scope: 'position', halfLifeMs: 10 * MINUTE_MS, weight: 0.05 },
  { scope: 'all', halfLifeMs: 3 * MINUTE_MS, weight: 0.05 },
  { scope: 'all', halfLifeMs: 30 * MINUTE_MS, weight: 0.05 },
  { scope: 'all', halfLifeMs: 3 * HOUR_MS, weight: 0.03 },
  { scope: 'all', halfLifeMs: 24 * HOUR_MS, weight: 0.02 },
];
