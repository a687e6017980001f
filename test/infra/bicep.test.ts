/** What the Bicep files set is what the server and the Functions app read, and what alerts point to is in the runbook. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { INVALID_SPAN_CONTEXT, type Span, type SpanOptions, trace, type Tracer } from '@opentelemetry/api';
import { readConfig, SETTINGS } from '../../src/config.js';
import { writeRequest } from '../../src/telemetry/request-spans.js';
import { imageVariables, ROOT, textOf } from './infra-files.js';

const MODULES = 'infra/azure/modules';
const gateway = textOf(`${MODULES}/gateway.bicep`);
const KNOWN = new Set(Object.values(SETTINGS).map(({ variable }) => variable as string));
/** Variables that the libraries of Azure read by themselves. */
const OF_LIBRARIES = new Set(['APPLICATIONINSIGHTS_CONNECTION_STRING', 'AZURE_CLIENT_ID']);

/** Entries of the gateway's environment: their names, with their values where these stand there. */
const entries = [
  ...gateway.matchAll(/\{ name: '([A-Z_]+)', (?:value: (?:'([^']*)'|[^}]*)|secretRef: '[^']*') \}/g),
].map(([, name, value]) => [name!, value] as const);
const valueOf = (name: string): string | undefined => entries.find(([known]) => known === name)?.[1];

it('the gateway is given only what it reads, and what a replica needs', () => {
  const names = entries.map(([name]) => name);
  expect(names.filter((name) => !KNOWN.has(name) && !OF_LIBRARIES.has(name))).toEqual([]);
  expect(names).toEqual(
    expect.arrayContaining(['REDIS_URL', 'AZURE_STORAGE_ACCOUNT', 'KEYS_FILE', 'AUDIT_KEY', 'TRUST_PROXY']),
  );
  const given = Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Record<string, string>;
  expect(readConfig({ ...imageVariables(), ...given })).toMatchObject({
    production: true,
    host: '0.0.0.0',
    metricsPort: 9464,
    keysFile: '/secrets/keys.json',
  });
});

it('the gateway believes its ingress, and the Functions app where there is one, and nobody else', () => {
  expect(valueOf('TRUST_PROXY')).toBeUndefined();
  const [, alone, first] = /var trustProxy = empty\(functionsAddresses\) \? '([^']+)' : '([^']+)\$\{/.exec(gateway)!;
  const prefix = /var functionsPrefix = '([^']+)'/.exec(textOf(`${MODULES}/network.bicep`))![1]!;
  expect(readConfig({ TRUST_PROXY: alone }).trustProxy).toEqual({ inFront: 1, addresses: [] });
  expect(readConfig({ TRUST_PROXY: `${first!}203.0.113.10,${prefix}` }).trustProxy).toEqual({
    inFront: 1,
    addresses: ['203.0.113.10', prefix],
  });
});

it('alerts and workbook count answers by weight, by whose fault, and without the Functions app’s own', () => {
  const workbook = JSON.parse(textOf('infra/azure/workbook.json')) as {
    readonly items: readonly { readonly content: { readonly query?: string } }[];
  };
  const bicep = textOf(`${MODULES}/alerts.bicep`);
  const answers = /var answers = '([^']+)'/.exec(bicep)![1]!;
  const ofAlerts = [...bicep.matchAll(/ query: '([^']+)'/g)].map(([, query]) => query!.replace('${answers}', answers));
  const ofWorkbook = workbook.items.flatMap(({ content: { query } }) => (query === undefined ? [] : [query]));
  const queries = [...ofAlerts, ...ofWorkbook].filter((query) => query.startsWith('requests'));
  expect(queries).toHaveLength(6);
  for (const query of queries) {
    expect(query.startsWith(answers)).toBe(true);
    expect(query).toMatch(/itemCount/);
    expect(query).not.toMatch(/\bcount(if)?\(|\bpercentiles?\(|\bsuccess\b/);
  }
  expect(answers.match(/recograph\.\w+/g)).toEqual(['recograph.outcome', 'recograph.phase']);
  expect(attributesOfAnswer()).toEqual(expect.arrayContaining(['recograph.outcome', 'recograph.phase']));
});

it('a replica has time for the whole drain, and its probes ask the port that it listens on', () => {
  const grace = Number(/terminationGracePeriodSeconds: (\d+)/.exec(gateway)![1]);
  expect(grace * 1_000).toBeGreaterThanOrEqual(Number(valueOf('DRAIN_DELAY_MS')) + Number(valueOf('DRAIN_MS')) + 2_000);
  expect(gateway).toContain(`var port = ${imageVariables()['PORT']}`);
  expect([...gateway.matchAll(/httpGet: \{ path: '([^']+)', port: port \}/g)].map(([, path]) => path)).toEqual([
    '/readyz',
    '/readyz',
    '/livez',
  ]);
  // Of Container Apps, for every probe.
  for (const [, failures] of gateway.matchAll(/failureThreshold: (\d+)/g)) expect(Number(failures)).toBeLessThan(11);
  for (const [, mount] of gateway.matchAll(/volumeName: '(\w+)'/g))
    expect(gateway).toContain(`{ name: '${mount}', storage`);
});

it('the Functions app is given only what it reads', () => {
  const main = textOf('infra/azure/functions/src/main.ts');
  const names = [...textOf(`${MODULES}/functions.bicep`).matchAll(/\{ name: '(\w+)', value:/g)].map(
    ([, name]) => name!,
  );
  const ours = names.filter((name) => !name.startsWith('AzureWebJobsStorage__') && !OF_LIBRARIES.has(name));
  expect(ours).toEqual(['ENGINE_URL', 'ENGINE_TIMEOUT_MS']);
  for (const name of ours) expect(main).toContain(name);
});

it('every module’s parameters are given by who uses it, and no others', () => {
  const files = ['infra/azure/main.bicep', ...readdirSync(join(ROOT, MODULES)).map((name) => `${MODULES}/${name}`)];
  let uses = 0;
  for (const file of files) {
    const folder = file.slice(0, file.lastIndexOf('/'));
    for (const [, path, given] of textOf(file).matchAll(
      /^module \w+ '([^']+)' = [^]*?\n {2}params: \{([^]*?)\n? *\}\n\}/gm,
    )) {
      const declared = [...textOf(join(folder, path!)).matchAll(/^param (\w+) \w+( =)?/gm)];
      const names = [...given!.matchAll(/(?:^|[\n,])\s*(\w+):/g)].map(([, name]) => name!);
      expect({ file, path, unknown: names.filter((name) => !declared.some(([, known]) => known === name)) }).toEqual({
        file,
        path,
        unknown: [],
      });
      const missing = declared.filter(([, name, otherwise]) => otherwise === undefined && !names.includes(name!));
      expect({ file, path, missing: missing.map(([, name]) => name) }).toEqual({ file, path, missing: [] });
      uses += 1;
    }
  }
  expect(uses).toBe(14);
});

it('every section of the runbook that an alert names is there', () => {
  const sections = new Set(
    [...textOf('infra/runbook.md').matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
      title!
        .toLowerCase()
        .replace(/[^\w\s-]/g, '')
        .replace(/\s/g, '-'),
    ),
  );
  const alerts = textOf('infra/prometheus/alerts.yml') + textOf(`${MODULES}/alerts.bicep`);
  const named = [...alerts.matchAll(/infra\/runbook\.md#([\w-]+)/g)].map(([, section]) => section!);
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter((section) => !sections.has(section))).toEqual([]);
});

/** What the gateway tells Application Insights of a subscription that has ended. */
function attributesOfAnswer(): readonly string[] {
  const names: string[] = [];
  const tracer = {
    startSpan(_name: string, { attributes = {} }: SpanOptions): Span {
      names.push(...Object.keys(attributes));
      return trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
    },
  } as unknown as Tracer;
  const record = {
    requestId: 'r',
    caller: 'app',
    name: 'List',
    type: 'subscription',
    phase: 'ended',
    documentHash: null,
    outcome: 'ours',
    codes: ['INTERNAL'],
    durationMs: 1,
    status: null,
    traceparent: null,
    lists: null,
  } as const;
  writeRequest(tracer, { record, name: 'List', parent: null, snapshot: null, rate: 1, endedAt: 0 });
  return names;
}
