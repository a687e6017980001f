// Lint is where the direction of imports is enforced: the zones below are the arrows of the README's diagram.
import tseslint from 'typescript-eslint';
import graphqlPlugin from '@graphql-eslint/eslint-plugin';
import importX, { createNodeResolver } from 'eslint-plugin-import-x';

/** What each folder may import besides itself; everything else of ours is forbidden. */
const ALLOWED = {
  'src/math': [],
  'src/disk': [],
  'src/threads': [],
  'src/pipeline': [],
  'src/remote': [],
  'src/events': ['math', 'remote'],
  'src/profiles': ['math', 'remote'],
  'src/state': ['events', 'profiles', 'disk', 'remote', 'math'],
  'src/cache': ['events', 'remote', 'math'],
  'src/artifacts': ['disk', 'remote', 'math'],
  'src/engine': ['pipeline', 'state', 'events', 'artifacts', 'math'],
  'src/replay': ['engine', 'pipeline', 'state', 'events', 'math'],
  'src/training': [
    'replay',
    'engine',
    'pipeline',
    'state',
    'events',
    'profiles',
    'artifacts',
    'disk',
    'threads',
    'math',
  ],
  'src/evaluation': ['replay', 'engine', 'pipeline', 'state', 'events', 'profiles', 'math'],
  'src/datasets': ['events', 'disk', 'math'],
};
const FOLDERS = [...Object.keys(ALLOWED).map((folder) => folder.slice('src/'.length))];

const zones = Object.entries(ALLOWED).flatMap(([target, allowed]) => [
  ...FOLDERS.filter((folder) => !target.endsWith(`/${folder}`) && !allowed.includes(folder)).map((folder) => ({
    target: `./${target}`,
    from: `./src/${folder}`,
    message: `${target} may import only: ${allowed.join(', ') || 'nothing of ours'}`,
  })),
  { target: `./${target}`, from: './resolvers', message: 'the engine side never imports GraphQL' },
  ...[
    'main',
    'server',
    'config',
    'context',
    'gateway',
    'open-gateway',
    'open-artifacts',
    'erasures',
    'process-lock',
    'ide',
    'commands',
    'http',
    'graphql',
    'identity',
    'limits',
    'settings',
    'telemetry',
    'audit',
  ].map((name) => ({
    target: `./${target}`,
    from: [`./src/${name}`, `./src/${name}.ts`],
    message: 'the composition root imports the parts, never the other way round',
  })),
]);
zones.push(
  {
    target: './src',
    from: './resolvers',
    except: ['./errors.ts'],
    message: 'only src/server.ts composes the resolvers; the table of errors is for the whole edge',
  },
  { target: './resolvers', from: './src/main.ts', message: 'resolvers never import the entry' },
  { target: './resolvers', from: './src/commands', message: 'resolvers never import the command line' },
  { target: './resolvers', from: './src/server.ts', message: 'resolvers never import the composition root' },
);

const PURE = ['src/math', 'src/pipeline', 'src/events/event.ts', 'src/state', 'src/engine'];

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'kernels/',
      'node_modules/',
      'test/generated/',
      'examples/*/src/generated/',
      'examples/*/dist/',
      'data/',
    ],
  },
  ...tseslint.configs.recommended.map((config) => ({ files: ['**/*.{ts,mjs,cjs}'], ...config })),
  {
    files: ['**/*.ts'],
    plugins: { 'import-x': importX },
    // Imports name the compiled file: `./x.js` is `./x.ts` here.
    settings: {
      'import-x/resolver-next': [
        createNodeResolver({ extensions: ['.ts', '.js'], extensionAlias: { '.js': ['.ts', '.js'] } }),
      ],
    },
    languageOptions: {
      parserOptions: {
        // Codegen runs its settings itself; they are of no program.
        projectService: { allowDefaultProject: ['examples/*/codegen.ts'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { zones }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-console': 'error',
      'max-params': ['error', 5],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, argsIgnorePattern: '^_' }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  { files: ['src/server.ts'], rules: { 'import-x/no-restricted-paths': 'off' } },
  {
    files: PURE.flatMap((path) => (path.endsWith('.ts') ? [path] : [`${path}/**/*.ts`])),
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'process', message: 'settings arrive as data; only src/main.ts reads the environment' },
        { name: 'Date', message: 'time is data: it arrives in the query or the event' },
      ],
    },
  },
  {
    files: ['src/**/*.ts', 'resolvers/**/*.ts'],
    ignores: ['src/main.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'only src/main.ts reads the environment' },
      ],
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: { globals: { console: 'readonly', process: 'readonly' } },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: ['schema.graphql'],
    plugins: { '@graphql-eslint': graphqlPlugin },
    languageOptions: {
      parser: graphqlPlugin.parser,
      parserOptions: { graphQLConfig: { schema: 'schema.graphql' } },
    },
    // The Relay cursor connections specification.
    rules: {
      '@graphql-eslint/relay-arguments': ['error', { includeBoth: false }],
      '@graphql-eslint/relay-connection-types': 'error',
      '@graphql-eslint/relay-edge-types': [
        'error',
        { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false },
      ],
      '@graphql-eslint/relay-page-info': 'error',
    },
  },
  // type-graphql reads parameter classes at run time, so they stay value imports.
  { files: ['resolvers/**/*.ts'], rules: { '@typescript-eslint/consistent-type-imports': 'off' } },
  { files: ['test/**/*.ts', 'examples/**/*.ts'], rules: { 'no-console': 'off' } },
);
