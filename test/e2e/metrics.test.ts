/** /metrics of a real server after known requests. */
import { readdir, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ask, type LogLine, send, type ServerProcess, startProcess, withFolder } from '../support/server.js';
import { until } from '../support/subscribers.js';

const RECORD = `mutation Record($input: RecordInteractionsInput!) { recordInteractions(input: $input) { accepted } }`;
const LIST = 'query List($id: ID!) { user(id: $id) { recommendations(first: 3) { segment } } }';

/** Values by series, such as `name{label="value"}`. */
async function scrape(url: string): Promise<Map<string, number>> {
  const text = await (await fetch(url)).text();
  return new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const at = line.lastIndexOf(' ');
        return [line.slice(0, at), Number(line.slice(at + 1))];
      }),
  );
}

/** A server, and where its metrics are. */
async function startMeasured(folder: string): Promise<{ server: ServerProcess; metricsUrl: string }> {
  let metricsUrl = '';
  const server = await startProcess(
    folder,
    { METRICS_PORT: '0', AUDIT_LOG: 'on' },
    { onLine: (line) => line.msg === 'metrics are served' && (metricsUrl = line['url'] as string) },
  );
  return { server, metricsUrl };
}

it('counts operations, lists and stages exactly, and shows how the process is', async () => {
  await withFolder(async (folder) => {
    const { server, metricsUrl } = await startMeasured(folder);
    const interactions = [
      { userId: 'reader', itemId: 'a' },
      { userId: 'reader', itemId: 'b' },
    ];
    await ask(server.url, RECORD, { input: { interactions } });
    for (const id of ['reader', 'stranger', 'nobody']) await ask(server.url, LIST, { id });
    await ask(server.url, LIST, { id: '' });
    await ask(server.url, '{ __typename }');
    await ask(server.url, 'query Wrong { nothing }');
    await send(`${server.url}/graphql`, '{');
    const series = await scrape(metricsUrl);
    const told = (name: string): Record<string, number> =>
      Object.fromEntries([...series].filter(([key]) => key.startsWith(name)));
    expect(told('recograph_requests_total')).toEqual({
      'recograph_requests_total{operation="Record",outcome="ok"}': 1,
      'recograph_requests_total{operation="List",outcome="ok"}': 3,
      'recograph_requests_total{operation="List",outcome="caller"}': 1,
      'recograph_requests_total{operation="anonymous",outcome="ok"}': 1,
      'recograph_requests_total{operation="anonymous",outcome="caller"}': 2,
    });
    expect(told('recograph_error_codes_total')).toEqual({
      'recograph_error_codes_total{code="BAD_ID"}': 1,
      'recograph_error_codes_total{code="GRAPHQL_VALIDATION_FAILED"}': 1,
      'recograph_error_codes_total{code="BAD_JSON"}': 1,
    });
    expect(told('recograph_lists_total')).toEqual({
      'recograph_lists_total{segment="WARM"}': 1,
      'recograph_lists_total{segment="COLD"}': 2,
    });
    expect(series.get('recograph_request_duration_seconds_count{operation="List"}')).toBe(4);
    expect(series.get('recograph_request_duration_seconds_bucket{operation="List",le="+Inf"}')).toBe(4);
    expect(series.get('recograph_stage_duration_seconds_count{stage="POPULARITY"}')).toBe(3);
    expect(series.get('recograph_stage_candidates_sum{stage="POPULARITY"}')).toBe(6);
    expect(series.get('recograph_log_lag_events')).toBe(0);
    expect(series.get('recograph_log_position')).toBe(2);
    expect(series.get('recograph_snapshot_problem')).toBe(0);
    expect(series.has('recograph_snapshot_age_seconds')).toBe(false);
    expect(series.get('recograph_audit_lost_total')).toBe(0);
    for (const part of ['users', 'popularity', 'coClicks', 'readers', 'sessions']) {
      expect(series.get(`recograph_state_bytes{part="${part}"}`)).toBeGreaterThan(0);
    }
    expect(series.get('recograph_open_connections')).toBeGreaterThan(0);
    expect(series.get('process_resident_memory_bytes')).toBeGreaterThan(10_000_000);
    expect(series.get('nodejs_eventloop_delay_seconds{quantile="0.99"}')).toBeGreaterThan(0);
    expect((await fetch(metricsUrl.replace('/metrics', '/'))).status).toBe(404);
    expect((await fetch(`${server.url}/metrics`)).status).toBe(404);
    expect(await server.kill('SIGTERM')).toBe(0);
  });
});

it('counts what came of a list by the stages that found its items', async () => {
  await withFolder(async (folder) => {
    const { server, metricsUrl } = await startMeasured(folder);
    const record = (...interactions: object[]) => ask(server.url, RECORD, { input: { interactions } });
    await record({ userId: 'somebody', itemId: 'a' }, { userId: 'somebody', itemId: 'b' });
    const { data } = await ask(
      server.url,
      'query Shown { recommendations(userId: "reader", first: 2) { recommendationId nodes { rank item { id } } } }',
    );
    const { recommendationId, nodes } = data!['recommendations'] as {
      recommendationId: string;
      nodes: { rank: number; item: { id: string } }[];
    };
    const shown = nodes.map(({ rank, item }) => ({ userId: 'reader', itemId: item.id, recommendationId, rank }));
    await record(...shown.map((one) => ({ ...one, type: 'IMPRESSION' })), shown[0]!);
    await record({ ...shown[0]!, recommendationId: 'gone' });
    const told = async (): Promise<Map<string, number>> => {
      const series = await scrape(metricsUrl);
      return new Map([...series].filter(([key]) => /list_(clicks|impressions)|unattributed/.test(key)));
    };
    const labels = (stage: string): string => `{stage="${stage}",scenario="default"}`;
    const last = [
      `recograph_list_clicks_total${labels('ANY')}`,
      'recograph_unattributed_interactions_total{reason="list_gone"}',
    ];
    await until(async () => {
      const counts = await told();
      return last.every((name) => counts.has(name));
    });
    const counts = await told();
    expect(counts.get(`recograph_list_impressions_total${labels('ANY')}`)).toBe(2);
    expect(counts.get(`recograph_list_impressions_total${labels('POPULARITY')}`)).toBe(2);
    expect(counts.get(`recograph_list_clicks_total${labels('ANY')}`)).toBe(1);
    expect(counts.get(`recograph_list_clicks_total${labels('POPULARITY')}`)).toBe(1);
    expect(counts.get('recograph_unattributed_interactions_total{reason="list_gone"}')).toBe(1);
    expect(await server.kill('SIGTERM')).toBe(0);
  });
});

it('does not start where the port of the metrics is taken, and does not hang', async () => {
  const taken = createServer();
  await new Promise<void>((listening) => taken.listen(0, '127.0.0.1', listening));
  const METRICS_PORT = String((taken.address() as AddressInfo).port);
  await withFolder(async (folder) => {
    await expect(startProcess(folder, { METRICS_PORT })).rejects.toThrow('the server ended with 1');
  });
  await new Promise((closed) => taken.close(closed));
});

it('tells the beginning of a long name alone, so that nobody makes the metrics long', async () => {
  await withFolder(async (folder) => {
    const { server, metricsUrl } = await startMeasured(folder);
    const name = 'A'.repeat(99_000);
    expect((await ask(server.url, `query ${name} { __typename }`)).errors).toBeUndefined();
    const series = await scrape(metricsUrl);
    expect(series.get(`recograph_requests_total{operation="${'A'.repeat(100)}…",outcome="ok"}`)).toBe(1);
    expect(Math.max(...[...series.keys()].map(({ length }) => length))).toBeLessThan(250);
    await server.kill('SIGTERM');
    const [file] = await readdir(join(folder, 'audit'));
    expect((await stat(join(folder, 'audit', file!))).size).toBeLessThan(1_000);
  });
});

it('each of several processes measures itself at a port of its own', async () => {
  await withFolder(async (folder) => {
    const lines: LogLine[] = [];
    const server = await startProcess(
      folder,
      { METRICS_PORT: '0' },
      {
        options: ['--processes', '2'],
        onLine: (line) => lines.push(line),
      },
    );
    await until(() => lines.filter(({ msg }) => msg === 'serving').length === 2);
    const urls = lines.filter(({ msg }) => msg === 'metrics are served').map((line) => line['url'] as string);
    expect(urls[0]).not.toBe(urls[1]);
    const residents = await Promise.all(
      urls.map(async (url) => (await scrape(url)).get('process_resident_memory_bytes')),
    );
    for (const bytes of residents) expect(bytes).toBeGreaterThan(10_000_000);
    expect(await server.kill('SIGTERM')).toBe(0);
  });
});
