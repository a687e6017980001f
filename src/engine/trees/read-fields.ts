/** Lines of `key=value` in LightGBM's text format; a line without a sign is a key without a value. */
import { RankerError } from './ranker-error.js';

/** @throws RankerError RANKER_CORRUPT where a key comes twice; `where` says in what */
export function readFields(text: string, where: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const sign = line.indexOf('=');
    const key = sign === -1 ? line : line.slice(0, sign);
    if (fields.has(key))
      throw new RankerError('RANKER_CORRUPT', `${where}: expected the field ${key} once, found it twice`);
    fields.set(key, sign === -1 ? '' : line.slice(sign + 1));
  }
  return fields;
}
