/** Types of the operations in src/, a hash of each for the client, and the manifest of all for the server. */
import { type CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: '../../schema.graphql',
  documents: 'src/*.graphql',
  generates: {
    'src/generated/': {
      preset: 'client',
      presetConfig: {
        // The client carries hashes alone: it has no use for the texts.
        persistedDocuments: { mode: 'replaceDocumentWithHash' },
        fragmentMasking: false,
        // Documents are imported by their names.
        skipIndexFile: true,
      },
      config: {
        documentMode: 'string',
        enumsAsTypes: true,
        importExtension: '.js',
        strictScalars: true,
        useTypeImports: true,
        scalars: {
          ID: 'string',
          DateTime: 'string',
          JSONObject: 'Record<string, unknown>',
          AttributeValue: 'string | number | boolean',
        },
      },
    },
  },
};

export default config;
