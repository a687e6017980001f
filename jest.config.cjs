/** Tests run from TypeScript through swc; `tsc --noEmit` is the type gate. */
const options = require('./scripts/swc-options.cjs');

module.exports = {
  rootDir: __dirname,
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', options],
  },
  setupFiles: ['<rootDir>/test/support/register-workers.cjs'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testSequencer: '<rootDir>/test/support/slowest-first.cjs',
  // Jest itself has nothing to do while suites run.
  maxWorkers: '100%',
  // For machines that are busy with other things: a test that hangs is ended by it, and none is judged.
  testTimeout: 180_000,
};
