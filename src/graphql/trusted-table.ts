/**
 * The trusted documents of one manifest, parsed and validated: by hash, by text and by the name of each operation. Immutable;
 * another manifest makes another table. Old and new versions of an operation stand side by side by their hashes; by its
 * name the last of the file is found.
 */
import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type OperationTypeNode,
  parse,
  validate,
  type VariableDefinitionNode,
} from 'graphql';
import { entryOf, type ManifestEntry, ManifestError } from './manifest.js';

export interface TrustedOperation {
  readonly name: string;
  readonly type: OperationTypeNode;
  readonly variables: readonly VariableDefinitionNode[];
  /** Text of the whole document. */
  readonly text: string;
}

export interface TrustedDocument {
  readonly text: string;
  readonly document: DocumentNode;
}

export interface TrustedTable {
  /** By the manifest's id and by the text's SHA-256. */
  readonly byHash: ReadonlyMap<string, TrustedDocument>;
  readonly byText: ReadonlyMap<string, TrustedDocument>;
  readonly byName: ReadonlyMap<string, TrustedOperation>;
  readonly documents: ReadonlySet<DocumentNode>;
}

/** @throws ManifestError where a document does not fit the schema */
export function trustedTable(entries: readonly ManifestEntry[], schema: GraphQLSchema): TrustedTable {
  const byHash = new Map<string, TrustedDocument>();
  const byText = new Map<string, TrustedDocument>();
  const byName = new Map<string, TrustedOperation>();
  for (const { id, text } of entries) {
    const trusted = byText.get(text) ?? { text, document: validated(id, text, schema) };
    byText.set(text, trusted);
    byHash.set(id, trusted).set(entryOf(text).id, trusted);
    for (const { name, operation, variableDefinitions } of operationsOf(trusted.document)) {
      if (name === undefined) continue;
      byName.set(name.value, { name: name.value, type: operation, variables: variableDefinitions ?? [], text });
    }
  }
  return { byHash, byText, byName, documents: new Set([...byText.values()].map(({ document }) => document)) };
}

/** The operations of a document in its order. */
export function operationsOf({ definitions }: DocumentNode): readonly OperationDefinitionNode[] {
  return definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
}

function validated(id: string, text: string, schema: GraphQLSchema): DocumentNode {
  let document: DocumentNode;
  try {
    document = parse(text);
  } catch (error) {
    throw new ManifestError(`document "${id}" of the manifest is not GraphQL: ${(error as Error).message}`);
  }
  const operations = operationsOf(document);
  const named = operations.map(({ name }) => name?.value ?? 'without a name').join(', ');
  if (operations.length === 0) throw new ManifestError(`document "${id}" of the manifest has no operation`);
  const [problem] = validate(schema, document);
  if (problem === undefined) return document;
  throw new ManifestError(`operation ${named} (document "${id}") does not fit the schema: ${problem.message}`);
}
