/**
 * How TypeScript becomes JavaScript, in the build as in tests and their worker threads; but tests turn `import()` into `require`.
 * `tsc --noEmit` checks types.
 */
module.exports = {
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    target: 'es2022',
  },
  module: { type: 'commonjs' },
};
