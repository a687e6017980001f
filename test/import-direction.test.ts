/** Lint refuses an import against the direction of the tree. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const CASES = [
  [
    'src/math/top-k.ts',
    "export { LiveState } from '../state/live-state.js';",
    'src/math may import only: nothing of ours',
  ],
  [
    'src/state/items.ts',
    "export { explain } from '../engine/explain.js';",
    'src/state may import only: events, profiles, disk, remote, math',
  ],
  [
    'src/engine/explain.ts',
    "export { ApiError } from '../../resolvers/errors.js';",
    'the engine side never imports GraphQL',
  ],
  [
    'src/artifacts/manifest.ts',
    "export { eventCodec } from '../events/codec.js';",
    'src/artifacts may import only: disk, remote, math',
  ],
  ['src/engine/explain.ts', "export { readConfig } from '../config.js';", 'the composition root imports the parts'],
  ['src/engine/explain.ts', 'export const now = Date.now();', 'time is data'],
  ['src/gateway.ts', 'export const port = process.env.PORT;', 'only src/main.ts reads the environment'],
  [
    'src/evaluation/fixed-split/evaluate-split.ts',
    "export { fitAls } from '../../training/als/fit-als.js';",
    'src/evaluation may import only: replay',
  ],
  [
    'resolvers/checks.ts',
    "export { startServer } from '../src/server.js';",
    'resolvers never import the composition root',
  ],
] as const;

/** Lints each source as if it stood in the file; one process, for loading the rules is what takes long. */
const LINT_ALL = `
const { ESLint } = require('eslint');
const cases = JSON.parse(require('fs').readFileSync(0, 'utf8'));
(async () => {
  const eslint = new ESLint();
  const lint = async ([file, source]) => (await eslint.lintText(source + '\\n', { filePath: file }))[0].messages;
  const results = [];
  for (const one of cases) results.push((await lint(one)).map(({ message }) => message).join('; '));
  process.stdout.write(JSON.stringify(results));
})();
`;

it('lint refuses imports against the direction, the clock in the engine and the environment outside the entry', () => {
  const options = { cwd: join(__dirname, '..'), input: JSON.stringify(CASES), encoding: 'utf8' } as const;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', LINT_ALL], options);
  expect(stderr).toBe('');
  const messages = JSON.parse(stdout) as string[];
  CASES.forEach(([file, , message], at) => expect(`${file}: ${messages[at]}`).toContain(message));
});
