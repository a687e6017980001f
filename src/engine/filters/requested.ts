/** Keeps what the client's own filter asks for: attributes, excluded ids, and, or, not. */
import { type Filter } from '../filter.js';
import { compileFilter } from '../item-filter.js';

export const requested: Filter = {
  name: 'requested',
  prepare({ query }, { state }) {
    return query.filter === null ? null : compileFilter(query.filter, state.items);
  },
};
