// Writes schema.graphql from the built resolvers; with --check, fails where the file is another.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { printGraphQLSchema } = createRequire(import.meta.url)('../dist/resolvers/index.js');
const schema = printGraphQLSchema();
if (process.argv.includes('--check')) {
  if (readFileSync('schema.graphql', 'utf8') !== schema) {
    console.error('schema.graphql is not what the resolvers say: run npm run schema');
    process.exit(1);
  }
} else {
  writeFileSync('schema.graphql', schema);
}
