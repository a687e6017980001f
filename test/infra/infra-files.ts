/** The files of infra/ as tests read them: YAML with all its documents, and the variables that each platform gives the server. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

export const ROOT = join(__dirname, '../..');

export const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** The one document of the file. */
export function yamlOf<Document>(path: string): Document {
  const documents = parseAllDocuments(textOf(path), { merge: true });
  if (!Array.isArray(documents) || documents.length !== 1) throw new Error(`${path} does not hold one document`);
  const [document] = documents;
  if (document!.errors.length > 0) throw document!.errors[0]!;
  return document!.toJS() as Document;
}

interface Deployment {
  readonly spec: { readonly template: { readonly spec: PodSpec } };
}
export interface PodSpec {
  readonly terminationGracePeriodSeconds: number;
  readonly containers: readonly Container[];
  readonly volumes: readonly { readonly name: string }[];
}
interface Container {
  readonly env: readonly { readonly name: string }[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  readonly lifecycle: { readonly preStop: { readonly sleep: { readonly seconds: number } } };
  readonly startupProbe: Probe;
  readonly readinessProbe: Probe;
  readonly livenessProbe: Probe;
}
interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

export const podSpec = (): PodSpec => yamlOf<Deployment>('infra/kubernetes/deployment.yaml').spec.template.spec;

/** Variables of the image. */
export function imageVariables(): Record<string, string> {
  const [, block] = /^ENV ((?:.*\\\n)*.*)$/m.exec(textOf('Dockerfile'))!;
  return pairs(block!.split(/\s*\\\n\s*/));
}

/** Variables of the pods that are no secrets. */
export function kubernetesVariables(): Record<string, string> {
  const { configMapGenerator } = yamlOf<{
    readonly configMapGenerator: readonly { readonly literals: readonly string[] }[];
  }>('infra/kubernetes/kustomization.yaml');
  return pairs(configMapGenerator.flatMap(({ literals }) => literals));
}

/** Variables of each replica of the compose file. */
export function composeVariables(): Record<string, Record<string, string>> {
  const { services } = yamlOf<{
    readonly services: Record<string, { readonly environment?: Record<string, string> }>;
  }>('infra/compose/compose.yaml');
  const replicas = Object.entries(services).filter(([name]) => name.startsWith('replica-'));
  return Object.fromEntries(replicas.map(([name, { environment }]) => [name, environment ?? {}]));
}

function pairs(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(texts.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]));
}
