/** Removes items whose declared time of publication is still to come: no source brings them and no list is filled with them. */
import { type Filter } from '../filter.js';

export const unpublished: Filter = {
  name: 'unpublished',
  prepare({ query }, { state }) {
    return (item) => (state.items.published(item) ?? -Infinity) <= query.now;
  },
};
