/**
 * Streams of randomness of the demo world. Everything is drawn from `seededRandom(seed, STREAM.x, ...)`, so any part of
 * the world can be made again alone, in any order. A number changed here is another world: only append.
 */
export const STREAM = {
  regions: 1,
  authors: 2,
  readers: 3,
  threads: 4,
  articles: 5,
  attendance: 6,
  visits: 7,
  newcomers: 8,
  sessions: 9,
} as const;
