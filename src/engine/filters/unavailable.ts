/** Removes items that the catalogue says can't be had. */
import { type Filter } from '../filter.js';

export const unavailable: Filter = {
  name: 'unavailable',
  prepare(_query, { state }) {
    return (item) => state.items.isAvailable(item);
  },
};
