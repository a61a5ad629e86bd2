import { writeTally } from './tally.mjs';

/** Counts Playwright's results; a test that passed only when repeated counts as failed. */
export default class PlaywrightTally {
  tally = { passed: 0, failed: 0, skipped: [] };

  onBegin(_config, suite) {
    this.suite = suite;
  }

  onError() {
    this.tally.failed += 1;
  }

  onEnd() {
    for (const test of this.suite.allTests()) {
      const outcome = test.outcome();
      if (outcome === 'expected') this.tally.passed += 1;
      else if (outcome !== 'skipped') this.tally.failed += 1;
      else {
        const reason = test.annotations.find(({ type }) => type === 'skip')?.description ?? 'no reason given';
        this.tally.skipped.push({ name: test.titlePath().filter(Boolean).join(' > '), reason });
      }
    }
    writeTally(this.tally);
  }
}
