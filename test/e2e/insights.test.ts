/** What a real server sends to a collector of Application Insights, over TLS. */
import { NO_OPENSSL } from '../support/certificate.js';
import { type Collector, type Item, startCollector } from '../support/collector.js';
import { ask, type LogLine, send, type ServerProcess, startProcess, withFolder } from '../support/server.js';
import { until } from '../support/subscribers.js';

const RECORD = `mutation Record($input: RecordInteractionsInput!) { recordInteractions(input: $input) { accepted } }`;
const LIST = `query List($id: ID!) {
  recommendations(userId: $id, first: 3) { recommendationId degradations { stage } nodes { rank item { id } } }
}`;
const SECRET = 'reader-4711-whose-name-nobody-is-told';
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';

interface Told {
  readonly server: ServerProcess;
  readonly collector: Collector;
  readonly lines: readonly LogLine[];
}

/** A server that tells a collector everything, unless the settings say otherwise. */
async function told(settings: Record<string, string>, run: (told: Told) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const collector = await startCollector(folder);
    const lines: LogLine[] = [];
    const environment = { TELEMETRY_SAMPLE: '1', ...collector.environment, ...settings };
    const server = await startProcess(`${folder}/data`, environment, { onLine: (line) => lines.push(line) });
    try {
      await run({ server, collector, lines });
    } finally {
      server.process.kill('SIGKILL');
      await collector.close();
    }
  });
}

const record = ({ server }: Told, ...interactions: object[]) => ask(server.url, RECORD, { input: { interactions } });

const itemsOf = ({ items }: Collector, baseType: string): Item[] =>
  items.filter(({ data }) => data.baseType === baseType);
const requests = (collector: Collector, name: string): Item[] =>
  itemsOf(collector, 'RequestData').filter(({ data }) => data.baseData.name === name);

const suite = NO_OPENSSL === null ? describe : describe.skip;
suite(`Application Insights${NO_OPENSSL === null ? '' : ` (${NO_OPENSSL})`}`, () => {
  it('is told of requests, lists by stage, degradations and what came of a list, and of no user', async () => {
    // A list among so many items takes longer in a process that has made none: its later stages are left out.
    await told({ BUDGET_MS: '1' }, async (world) => {
      const { server, collector } = world;
      const items = Array.from({ length: 999 }, (_, at) => ({ userId: 'somebody', itemId: `item-${at}` }));
      await record(world, { userId: SECRET, itemId: 'a' }, ...items);
      const body = JSON.stringify({ query: LIST, variables: { id: SECRET } });
      const headers = { traceparent: `00-${TRACE}-${CALLER}-01`, 'x-request-id': 'request-1' };
      const { data } = await send(`${server.url}/graphql`, body, headers);
      const { recommendationId, degradations, nodes } = data!['recommendations'] as {
        recommendationId: string;
        degradations: { stage: string }[];
        nodes: { rank: number; item: { id: string } }[];
      };
      expect(degradations.length).toBeGreaterThan(0);
      const shown = nodes.map(({ rank, item }) => ({ userId: SECRET, itemId: item.id, recommendationId, rank }));
      await record(world, ...shown.map((one) => ({ ...one, type: 'IMPRESSION' })), shown[0]!);
      await ask(server.url, 'query Bad($id: ID!) { user(id: $id) { id } }', { id: '' });
      await send(`${server.url}/graphql`, '{');
      expect(await server.kill('SIGTERM')).toBe(0);

      const [request] = requests(collector, 'List');
      expect(request).toMatchObject({
        sampleRate: 100,
        tags: { 'ai.cloud.role': 'recograph', 'ai.operation.id': TRACE, 'ai.operation.parentId': CALLER },
        data: {
          baseData: {
            success: true,
            responseCode: '200',
            properties: { 'recograph.request_id': 'request-1', 'recograph.type': 'query', 'recograph.outcome': 'ok' },
          },
        },
      });
      const dependencies = itemsOf(collector, 'RemoteDependencyData');
      const list = dependencies.find(({ data }) => data.baseData.name === 'list')!;
      expect(list).toMatchObject({
        tags: { 'ai.operation.id': TRACE, 'ai.operation.parentId': request!.data.baseData.id },
        data: {
          baseData: {
            type: 'InProc',
            success: false,
            properties: { 'recograph.scenario': 'default', 'recograph.segment': 'WARM' },
          },
        },
      });
      const stages = dependencies.filter(({ tags }) => tags['ai.operation.parentId'] === list.data.baseData.id);
      const stage = (name: string): Item => stages.find(({ data }) => data.baseData.name === name)!;
      expect(stage('POPULARITY')).toMatchObject({
        tags: { 'ai.operation.id': TRACE },
        data: { baseData: { type: 'InProc' } },
      });
      for (const { stage: name } of degradations) {
        expect(stage(name)).toMatchObject({
          data: { baseData: { success: false, properties: { 'recograph.degradation': 'BUDGET_EXCEEDED' } } },
        });
      }
      expect(requests(collector, 'other')).toMatchObject([
        {
          data: {
            baseData: { success: false, properties: { 'recograph.codes': 'BAD_ID', 'recograph.outcome': 'caller' } },
          },
        },
      ]);
      expect(requests(collector, 'anonymous')).toMatchObject([
        { data: { baseData: { success: false, responseCode: '400', properties: { 'recograph.codes': 'BAD_JSON' } } } },
      ]);
      const events = itemsOf(collector, 'EventData').map(({ data }) => data.baseData);
      const properties = { recommendationId, scenario: 'default', segment: 'WARM' };
      expect(events).toMatchObject([
        { name: 'ListImpression', properties, measurements: { items: nodes.length } },
        { name: 'ListClick', properties, measurements: { items: 1, rank: 1 } },
      ]);
      const metrics = itemsOf(collector, 'MetricData').flatMap(({ data }) =>
        (data.baseData.metrics ?? []).map(({ name, value }) => ({ name, value, of: data.baseData.properties })),
      );
      expect(metrics).toContainEqual({
        name: 'recograph_list_clicks',
        value: 1,
        of: { stage: 'ANY', scenario: 'default' },
      });
      expect(metrics).toContainEqual({
        name: 'recograph_requests',
        value: 1,
        of: { operation: 'List', outcome: 'ok' },
      });
      expect(collector.text).not.toContain(SECRET);
      expect(collector.text).not.toContain('somebody');
    });
  });

  it('is told of faults in full and of what went well in part, and Prometheus reads the same metrics', async () => {
    await told({ TELEMETRY_SAMPLE: '0', METRICS_PORT: '0' }, async ({ server, collector, lines }) => {
      for (let i = 0; i < 3; i++) await ask(server.url, 'query Fine { __typename }');
      await ask(server.url, 'query Bad($id: ID!) { user(id: $id) { id } }', { id: '' });
      const url = lines.find(({ msg }) => msg === 'metrics are served')!['url'] as string;
      const text = await (await fetch(url)).text();
      expect(text).toContain('recograph_requests_total{operation="Fine",outcome="ok"} 3');
      expect(text).toContain('recograph_telemetry_lost_total{reason="not_taken"} 0');
      expect(await server.kill('SIGTERM')).toBe(0);
      expect(requests(collector, 'Fine')).toEqual([]);
      expect(requests(collector, 'other')).toMatchObject([{ data: { baseData: { success: false } } }]);
    });
  });

  it.each(['refuse', 'hang'] as const)(
    'does not hold answers up where it can only %s, and drains in time',
    async (does) => {
      await told({ METRICS_PORT: '0' }, async (world) => {
        const { server, collector, lines } = world;
        collector.does = does;
        for (let i = 0; i < 200; i++) expect((await ask(server.url, `query Q { __typename }`)).errors).toBeUndefined();
        if (does === 'refuse') {
          await until(() => lines.some(({ msg }) => msg === 'Application Insights does not take the telemetry'));
          const url = lines.find(({ msg }) => msg === 'metrics are served')!['url'] as string;
          expect(await (await fetch(url)).text()).toMatch(/recograph_telemetry_lost_total\{reason="not_taken"\} [1-9]/);
          collector.does = 'take';
          await ask(server.url, 'query Again { __typename }');
          await until(() => lines.some(({ msg }) => msg === 'Application Insights takes the telemetry again'));
          expect(requests(collector, 'Again')).toHaveLength(1);
        }
        expect(await server.kill('SIGTERM')).toBe(0);
        expect(
          lines.filter(({ msg }) => msg === 'Application Insights does not take the telemetry').length,
        ).toBeLessThan(2);
      });
    },
  );

  it('need not be there at all', async () => {
    const nobody = { APPLICATIONINSIGHTS_CONNECTION_STRING: '' };
    await told({}, async ({ collector }) => {
      nobody.APPLICATIONINSIGHTS_CONNECTION_STRING = collector.connectionString;
    });
    await withFolder(async (folder) => {
      const server = await startProcess(folder, nobody);
      expect((await ask(server.url, '{ __typename }')).errors).toBeUndefined();
      expect(await server.kill('SIGTERM')).toBe(0);
    });
  });
});
