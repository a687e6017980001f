/** How TypeScript becomes what runs: the build, the tests and their worker threads compile it alike. `tsc --noEmit` checks types. */
module.exports = {
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    target: 'es2022',
  },
  module: { type: 'commonjs' },
};
