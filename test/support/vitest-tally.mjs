import { writeTally } from './tally.mjs';

/** Counts Vitest's results; a file that could not be loaded, and an error outside any test, count as failures. */
export default class VitestTally {
  onTestRunEnd(modules, unhandledErrors) {
    const tally = { passed: 0, failed: unhandledErrors.length, skipped: [] };
    for (const module of modules) {
      let failedHere = 0;
      for (const test of module.children.allTests()) {
        const { state, note } = test.result();
        if (state === 'passed') tally.passed += 1;
        else if (state === 'failed') failedHere += 1;
        else
          tally.skipped.push({
            name: `${module.relativeModuleId}: ${test.fullName}`,
            reason: note ?? reasonInTitle(test.fullName),
          });
      }
      tally.failed += failedHere === 0 && module.state() === 'failed' ? 1 : failedHere;
    }
    writeTally(tally);
  }
}

/** `describe.skipIf` takes no note, so those suites say why in their title: `real logs (skipped: there are none)`. */
function reasonInTitle(title) {
  return /\((skipped[^)]*)\)/.exec(title)?.[1] ?? 'no reason given';
}
