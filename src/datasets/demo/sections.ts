/** The sections of the demo site: how much each publishes, and how much the country as a whole likes to read it. */
export const SECTIONS = [
  'politics',
  'business',
  'technology',
  'science',
  'health',
  'sport',
  'culture',
  'local',
] as const;
export type Section = (typeof SECTIONS)[number];

/** Shares of what is published, in the order of SECTIONS. */
export const PUBLISHED_SHARES = [0.16, 0.12, 0.1, 0.09, 0.11, 0.17, 0.11, 0.14];

/** Taste of the country, in the order of SECTIONS; regions and readers are drawn around it. */
export const COMMON_TASTE = [0.17, 0.1, 0.11, 0.1, 0.11, 0.18, 0.1, 0.13];
