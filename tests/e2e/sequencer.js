const Sequencer = require('@jest/test-sequencer').default;

/** Files in the order of their names, so that the invariants are checked last. */
module.exports = class extends Sequencer {
  sort(tests) {
    return [...tests].sort((one, other) => one.path.localeCompare(other.path));
  }
};
