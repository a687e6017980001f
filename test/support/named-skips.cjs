/** An environment in which tests of a suite that others wrote are skipped by name, each with its reason, which is printed. */
const { TestEnvironment } = require('jest-environment-node');

const SKIPS = [
  [
    'lockstep versioning of @apollo/server and @apollo/server-integration-testsuite',
    'version 5.5.1 of the suite is not published',
  ],
  [
    'errors thrown in plugins call formatError and are wrapped',
    'what a plugin of ours throws is a fault of the server: src/http/http-errors.ts answers it, as any other',
  ],
  [
    'wraps thrown error from validation rules',
    'as above: a rule that throws is a fault of the server, a rule that refuses reports',
  ],
];

class NamedSkips extends TestEnvironment {
  unused = new Set(SKIPS.map(([name]) => name));

  handleTestEvent(event) {
    if (event.name === 'test_start') {
      const skip = SKIPS.find(([name]) => name === event.test.name);
      if (skip === undefined) return;
      event.test.mode = 'skip';
      this.unused.delete(skip[0]);
      process.stderr.write(`skipped: ${skip[0]}: ${skip[1]}\n`);
    }
    if (event.name === 'run_finish' && this.unused.size > 0) {
      throw new Error(`to be skipped, but no test of the suite: ${[...this.unused].join(', ')}`);
    }
  }
}

module.exports = NamedSkips;
