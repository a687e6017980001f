// Writes schema.graphql and subgraph.graphql from the built resolvers; with --check, fails where a file is another.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { printGraphQLSchema } = require('../dist/resolvers/index.js');
const { printSubgraph } = require('../dist/resolvers/federation/subgraph.js');
for (const [file, schema] of [
  ['schema.graphql', printGraphQLSchema()],
  ['subgraph.graphql', printSubgraph()],
]) {
  if (!process.argv.includes('--check')) writeFileSync(file, schema);
  else if (readFileSync(file, 'utf8') !== schema) {
    console.error(`${file} is not what the resolvers say: run npm run schema`);
    process.exit(1);
  }
}
