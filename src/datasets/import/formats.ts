/**
 * The formats that a file can be in, and the named ones, which fix the mapping too: `globo`, and `archive`, what
 * `recograph archive` has written.
 */
import { ImportError } from './import-error.js';
import { type ImportKind, type ImportMapping, type InteractionMapping } from './mapping.js';

export const IMPORT_FORMATS = ['csv', 'parquet', 'jsonl', 'globo', 'archive'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

/**
 * Clicks of Globo.com (G1), as CSV or Parquet; codes are kept as they are. Its `session_size` and `session_start` are
 * not read: the size of a session says how many clicks are still to come.
 */
export const GLOBO_MAPPING: InteractionMapping = {
  user: 'user_id',
  item: 'click_article_id',
  time: 'click_timestamp',
  session: 'session_id',
  device: 'click_deviceGroup',
  os: 'click_os',
  country: 'click_country',
  region: 'click_region',
  referrer: 'click_referrer_type',
  type: null,
  weight: null,
  id: null,
  timeUnit: 'ms',
};

export function checkFormat(format: string): asserts format is ImportFormat {
  if (IMPORT_FORMATS.includes(format as ImportFormat)) return;
  throw new ImportError('UNKNOWN_FORMAT', `unknown format "${format}"; there are: ${IMPORT_FORMATS.join(', ')}`);
}

/** The mapping to lay on the columns: the given one, or that of a named format, which takes no other. */
export function mappingOf(format: ImportFormat, kind: ImportKind, given: ImportMapping): ImportMapping {
  if (format !== 'globo' && format !== 'archive') return given;
  if (kind !== 'interactions')
    throw new ImportError('UNKNOWN_FORMAT', `format "${format}" holds interactions, not ${kind}`);
  if (Object.keys(given).length > 0)
    throw new ImportError('BAD_MAPPING', `format "${format}" has a mapping of its own and takes no other`);
  return format === 'globo' ? GLOBO_MAPPING : {};
}
