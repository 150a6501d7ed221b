const { appendFileSync } = require('node:fs');

/** Appends "passed failed" of each jest run to the file that TEST_COUNTS_FILE names; a suite that cannot run is a failure. */
module.exports = class Counts {
  onRunComplete(_contexts, results) {
    const file = process.env.TEST_COUNTS_FILE;
    if (!file) return;
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    appendFileSync(file, `${results.numPassedTests} ${failed}\n`);
  }
};
