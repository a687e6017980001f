// Everything that must hold before a change is handed in: format, lint, schema drift, types, tests.
import { spawnSync } from 'node:child_process';

const steps = [
  ['format', 'npx', ['prettier', '--check', '.']],
  ['lint', 'npx', ['eslint', '.', '--max-warnings', '0']],
  ['schema drift', process.execPath, ['scripts/emit-schema.mjs', '--check']],
  ['operations', 'npx', ['graphql-codegen', '--config', 'codegen.yml', '--silent']],
  ['types', 'npx', ['tsc', '--noEmit', '--incremental', 'false']],
  ...(process.argv.includes('--no-tests') ? [] : [['tests', 'npx', ['jest']]]),
];
for (const [name, command, args] of steps) {
  console.log(`\n== ${name}`);
  const { status } = spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) {
    console.error(`${name} failed`);
    process.exit(status ?? 1);
  }
}
