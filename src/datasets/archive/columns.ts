/** Columns of an archived interaction, in their order in the file. All texts stand as in the log, absent ones are null. */
import { CONTEXT_DIMENSIONS } from '../../events/event.js';

export const ARCHIVE_COLUMNS = {
  /** Place in the log; a file is in this order. */
  position: 'BIGINT',
  id: 'VARCHAR',
  user: 'VARCHAR',
  item: 'VARCHAR',
  type: 'VARCHAR',
  /** Whole milliseconds since 1970 (UTC). */
  time: 'BIGINT',
  weight: 'DOUBLE',
  session: 'VARCHAR',
  ...(Object.fromEntries(CONTEXT_DIMENSIONS.map((dimension) => [dimension, 'VARCHAR'])) as {
    readonly [dimension in (typeof CONTEXT_DIMENSIONS)[number]]: 'VARCHAR';
  }),
  recommendation_id: 'VARCHAR',
  rank: 'INTEGER',
} as const;
