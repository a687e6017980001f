/** Dashboard and alerts read metrics that a real server gives, by labels that they have. */
import { join } from 'node:path';
import { FilesSnapshotStore } from '../../src/artifacts/files-snapshot-store.js';
import { publishFitted } from '../support/fitted.js';
import { ask, startProcess, withFolder } from '../support/server.js';
import { until } from '../support/subscribers.js';
import { textOf, yamlOf } from './infra-files.js';

const RECORD = 'mutation Record($input: RecordInteractionsInput!) { recordInteractions(input: $input) { accepted } }';
const LIST = 'query List { recommendations(userId: "reader", first: 1) { nodes { rank } } }';
/** Prometheus gives it of every target; and labels that it adds itself. */
const OF_PROMETHEUS = { metrics: ['up'], labels: ['instance', 'job'] };

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly { readonly record?: string; readonly alert?: string; readonly expr: string }[];
  }[];
}
const rules = yamlOf<Rules>('infra/prometheus/alerts.yml').groups.flatMap((group) => group.rules);
const dashboard = JSON.parse(textOf('infra/grafana/dashboard.json')) as {
  readonly panels: readonly { readonly targets?: readonly { readonly expr: string }[] }[];
};
const expressions = [
  ...rules.map(({ expr }) => expr),
  ...dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
];

/** Metrics of an expression, each with the labels that it is selected by. */
function selectorsOf(expression: string): readonly { readonly metric: string; readonly labels: readonly string[] }[] {
  return [...expression.matchAll(/\b((?:recograph|process|nodejs)_\w+|up)\b(?:\{([^}]*)\})?/g)].map(
    ([, metric, selector = '']) => ({
      metric: metric!,
      labels: [...selector.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label]) => label!),
    }),
  );
}

/** Labels by metric, of everything that the server gives. */
async function metricsOf(url: string): Promise<Map<string, Set<string>>> {
  const found = new Map<string, Set<string>>();
  for (const line of (await (await fetch(url)).text()).split('\n')) {
    const [, metric, labels = ''] = /^([a-z]\w*)(?:\{(.*)\})? /.exec(line) ?? [];
    if (metric === undefined) continue;
    const known = found.get(metric) ?? new Set();
    for (const [, label] of labels.matchAll(/(\w+)="/g)) known.add(label!);
    found.set(metric, known);
  }
  return found;
}

it('every metric and label of the dashboard and of the alerts is there', async () => {
  await withFolder(async (folder) => {
    await publishFitted(new FilesSnapshotStore(join(folder, 'snapshots')), 0);
    let metricsUrl = '';
    const server = await startProcess(
      folder,
      { METRICS_PORT: '0', AUDIT_LOG: 'on', BUDGET_MS: '1' },
      { onLine: (line) => line.msg === 'metrics are served' && (metricsUrl = line['url'] as string) },
    );
    const interactions = Array.from({ length: 900 }, (_, at) => ({ userId: `u${at % 90}`, itemId: `i${at % 300}` }));
    await ask(server.url, RECORD, { input: { interactions } });
    await ask(server.url, 'query Wrong { nothing }');
    // With so little time some list is cut short soon.
    await until(async () => {
      await ask(server.url, LIST);
      return (await metricsOf(metricsUrl)).has('recograph_degradations_total');
    });
    const given = await metricsOf(metricsUrl);
    const recorded = rules.flatMap(({ record }) => (record === undefined ? [] : [record]));
    const used = expressions.flatMap(selectorsOf);
    expect(used.length).toBeGreaterThan(40);
    for (const { metric, labels } of used) {
      if (OF_PROMETHEUS.metrics.includes(metric)) continue;
      expect({ metric, isGiven: given.has(metric) }).toEqual({ metric, isGiven: true });
      const unknown = labels.filter((label) => !OF_PROMETHEUS.labels.includes(label) && !given.get(metric)!.has(label));
      expect({ metric, unknown }).toEqual({ metric, unknown: [] });
    }
    for (const name of expressions.flatMap((text) => text.match(/\brecograph:[\w:]+/g) ?? [])) {
      expect(recorded).toContain(name);
    }
    expect(await server.kill('SIGTERM')).toBe(0);
  });
});
