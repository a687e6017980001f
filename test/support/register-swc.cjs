/** Lets plain node run our TypeScript: `node --require ./test/support/register-swc.cjs file.ts`; same output as in jest. */
const { existsSync, readFileSync } = require('node:fs');
const Module = require('node:module');
const { dirname, resolve } = require('node:path');
const { transformSync } = require('@swc/core');
const [, options] = Object.values(require('../../jest.config.cjs').transform)[0];

const resolveFilename = Module._resolveFilename;
Module._resolveFilename = function (request, parent, ...rest) {
  const source = /^\.{1,2}\/.*\.js$/.test(request) && parent?.filename && request.replace(/\.js$/, '.ts');
  const found = source && existsSync(resolve(dirname(parent.filename), source));
  return resolveFilename.call(this, found ? source : request, parent, ...rest);
};

Module._extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), { ...options, filename, sourceMaps: 'inline' });
  module._compile(code, filename);
};
