/** Runs the suites that start servers first: one of them alone at the end would leave all other workers without work. */
const { default: Sequencer } = require('@jest/test-sequencer');

/** Folders, slowest first; the rest comes after them, in jest's own order. */
const SLOW = ['/test/e2e/', '/test/training/', '/test/artifacts/', '/test/state/', '/test/commands/', '/test/remote/'];

const placeOf = ({ path }) => {
  const place = SLOW.findIndex((folder) => path.includes(folder));
  return place === -1 ? SLOW.length : place;
};

module.exports = class SlowestFirst extends Sequencer {
  sort(tests) {
    // Sorting is stable.
    return [...super.sort(tests)].sort((a, b) => placeOf(a) - placeOf(b));
  }
};
