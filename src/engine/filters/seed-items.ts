/** Removes the items that a list of similar ones was asked for. */
import { type Filter } from '../filter.js';

export const seedItems: Filter = {
  name: 'seed-items',
  prepare({ query, seeds }) {
    if (query.seedItems === null) return null;
    return (item) => seeds.every((seed) => seed.item !== item);
  },
};
