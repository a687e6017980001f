/** What the slices are called in reports. */
import { type SliceName } from './tally.js';

export const SLICE_TITLES: Readonly<Record<SliceName, string>> = {
  all: 'all clicks',
  coldStart: 'cold session starts',
  warmStart: 'warm session starts',
  next: 'next clicks',
};
