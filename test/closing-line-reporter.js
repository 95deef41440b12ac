import { writeSync } from 'node:fs';

/**
 * Prints, as the very last line of a run, how many tests passed and failed: `Tests: 12 passed, 0 failed`, with
 * `, 1 skipped` where there are any. A suite that could not run counts as failed, and so does a run that broke off.
 */
export default class ClosingLineReporter {
  #line = closingLine(0, 1, 0);

  constructor() {
    // The default reporter may still be writing when a run is complete; the line has to stand after everything.
    // Jest mutes the streams when it is forced to exit, so this goes past them.
    process.once('exit', () => {
      writeSync(1, `${this.#line}\n`);
    });
  }

  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    this.#line = closingLine(results.numPassedTests, failed, results.numPendingTests + results.numTodoTests);
  }
}

function closingLine(passed, failed, skipped) {
  return `Tests: ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
