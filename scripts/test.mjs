// The whole test run: types of the operations, then every suite. Arguments go to jest.
import { run } from './run.mjs';

run('npx', ['graphql-codegen', '--config', 'codegen.yml', '--silent']);
run('npx', ['jest', ...process.argv.slice(2)]);
