// The whole test run: types of the operations, then every suite. Arguments go to jest.
import { spawnSync } from 'node:child_process';

run('npx', ['graphql-codegen', '--config', 'codegen.yml', '--silent']);
run('npx', ['jest', ...process.argv.slice(2)]);

function run(command, args) {
  const { status } = spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) process.exit(status ?? 1);
}
