/** The pods fit the server: ports, probes, folders, secrets, and enough time to end. */
import { mkdir, mkdtemp, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '../../src/config.js';
import { type ApiKey, drawKeyId, drawSecret, KEY_FILE, writeKeys } from '../../src/identity/key-file.js';
import { ask, send, startProcess, withFolder } from '../support/server.js';
import { until } from '../support/subscribers.js';
import { imageVariables, kubernetesVariables, podSpec, textOf, yamlOf } from './infra-files.js';

/** Processes that have not ended so long after DRAIN_MS are late, ms. */
const MARGIN_MS = 2_000;

const spec = podSpec();
const container = spec.containers[0]!;
const config = readConfig({ ...imageVariables(), ...kubernetesVariables() });

it('a pod has time for preStop and the whole drain before it is killed', () => {
  const { seconds } = container.lifecycle.preStop.sleep;
  expect(spec.terminationGracePeriodSeconds * 1_000).toBeGreaterThanOrEqual(
    seconds * 1_000 + config.drainMs + MARGIN_MS,
  );
});

it('the compose file gives a replica time for the whole drain', () => {
  const { services } = yamlOf<{
    services: Record<string, { stop_grace_period: string; environment: { DRAIN_MS: string } }>;
  }>('infra/compose/compose.yaml');
  const { stop_grace_period: grace, environment } = services['replica-1']!;
  expect(Number(/^(\d+)s$/.exec(grace)![1]) * 1_000).toBeGreaterThanOrEqual(Number(environment.DRAIN_MS) + MARGIN_MS);
});

it('pods, image and policies name the ports that the server listens on', () => {
  const ports = Object.fromEntries(container.ports.map(({ name, containerPort }) => [name, containerPort]));
  expect(ports).toEqual({ http: config.port, metrics: config.metricsPort });
  expect(textOf('Dockerfile')).toContain(`EXPOSE ${config.port} ${config.metricsPort}`);
  const { scrape_configs: scrapes } = yamlOf<{
    scrape_configs: readonly { static_configs: readonly { targets: readonly string[] }[] }[];
  }>('infra/prometheus/prometheus.yml');
  for (const target of scrapes.flatMap((scrape) => scrape.static_configs.flatMap(({ targets }) => targets))) {
    expect(Number(target.split(':')[1])).toBe(config.metricsPort);
  }
  expect(textOf('infra/compose/nginx.conf').match(/server replica-\d:\d+/g)).toEqual(
    [1, 2].map((n) => `server replica-${n}:${config.port}`),
  );
});

it('everything that the server writes to or reads secrets from is mounted', () => {
  const mounts = container.volumeMounts.map(({ mountPath }) => mountPath);
  for (const path of [config.dataFolder, config.audit!.folder, config.keysFile]) {
    expect(mounts.some((mount) => path === mount || path.startsWith(`${mount}/`))).toBe(true);
  }
  expect(container.volumeMounts.map(({ name }) => name).sort()).toEqual(spec.volumes.map(({ name }) => name).sort());
});

it('the probes ask what a server answers, with a key demanded of everybody else', async () => {
  await withFolder(async (folder) => {
    const mounted = await mountKeys(folder, [aKey().key]);
    const server = await startProcess(join(folder, 'data'), { NODE_ENV: 'production', KEYS_FILE: mounted });
    const { startupProbe, readinessProbe, livenessProbe } = container;
    expect(livenessProbe.httpGet.path).toBe('/livez');
    for (const { httpGet } of [startupProbe, readinessProbe, livenessProbe]) {
      expect(httpGet.port).toBe('http');
      expect((await fetch(`${server.url}${httpGet.path}`)).status).toBe(200);
    }
    expect((await ask(server.url, '{ __typename }')).status).toBe(401);
    expect(await server.kill('SIGTERM')).toBe(0);
  });
});

it('a key that is rotated in the mounted secret is taken without a restart', async () => {
  await withFolder(async (folder) => {
    const [before, after] = [aKey(), aKey()];
    const mounted = await mountKeys(folder, [before.key]);
    const server = await startProcess(join(folder, 'data'), { NODE_ENV: 'production', KEYS_FILE: mounted });
    const statusWith = async (key: string): Promise<number> =>
      (await send(`${server.url}/graphql`, '{"query":"{ __typename }"}', { 'x-api-key': key })).status;
    expect([await statusWith(before.text), await statusWith(after.text)]).toEqual([200, 401]);
    await mountKeys(folder, [after.key]);
    await until(async () => (await statusWith(after.text)) === 200);
    expect(await statusWith(before.text)).toBe(401);
    expect(await server.kill('SIGTERM')).toBe(0);
  });
});

function aKey(): { readonly text: string; readonly key: ApiKey } {
  const id = drawKeyId();
  const { text, sha256 } = drawSecret(id);
  const secrets = [{ sha256, expiresAt: null }];
  return { text, key: { id, name: 'web', roles: ['server'], userId: null, createdAt: 0, revokedAt: null, secrets } };
}

/** As a cluster mounts a secret: the file is a link into a folder that is swapped whole. Path of the file. */
async function mountKeys(folder: string, keys: readonly ApiKey[]): Promise<string> {
  const mount = join(folder, 'secret');
  const version = await mkdtemp(join(folder, 'version-'));
  await writeKeys(join(version, KEY_FILE), keys);
  await mkdir(mount, { recursive: true });
  await symlink(version, join(mount, '..next'));
  await rename(join(mount, '..next'), join(mount, '..data'));
  const file = join(mount, KEY_FILE);
  await symlink(join('..data', KEY_FILE), file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return file;
}
