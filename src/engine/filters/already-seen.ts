/** Removes what the user has read, liked, disliked, put into the cart or bought, as far back as the history goes. */
import { type Filter } from '../filter.js';

export const alreadySeen: Filter = {
  name: 'already-seen',
  prepare({ query, history }) {
    if (query.filter?.includeSeen === true || history.length === 0) return null;
    const seen = new Set(history.item);
    return (item) => !seen.has(item);
  },
};
