/** What the platforms set is what the server reads: every variable is a setting, every value is one that it takes. */
import { readConfig, SETTINGS } from '../../src/config.js';
import { composeVariables, imageVariables, kubernetesVariables, podSpec } from './infra-files.js';

const KNOWN = new Set(Object.values(SETTINGS).map(({ variable }) => variable as string));
/** Variables that libraries read by themselves. */
const OF_LIBRARIES = new Set(['APPLICATIONINSIGHTS_CONNECTION_STRING']);

const unknownOf = (names: readonly string[]): readonly string[] =>
  names.filter((name) => !KNOWN.has(name) && !OF_LIBRARIES.has(name));

it('the image sets only what the server reads', () => {
  expect(unknownOf(Object.keys(imageVariables()))).toEqual([]);
  expect(readConfig(imageVariables())).toMatchObject({
    production: true,
    host: '0.0.0.0',
    port: 4000,
    metricsPort: 9464,
    dataFolder: '/data',
  });
});

it('the pods set only what the server reads, and keep state out of themselves', () => {
  const secrets = podSpec().containers[0]!.env.map(({ name }) => name);
  expect(unknownOf([...Object.keys(kubernetesVariables()), ...secrets])).toEqual([]);
  expect(secrets).toContain('REDIS_URL');
  const config = readConfig({
    ...imageVariables(),
    ...kubernetesVariables(),
    REDIS_URL: 'rediss://:secret@host:10000',
  });
  expect(config.redisUrl).toBe('rediss://:secret@host:10000');
  expect(config.azureAccount).not.toBeNull();
  expect(config.audit?.folder).toBe('/audit');
});

it('both replicas of the compose file have the same settings, of this machine alone', () => {
  const replicas = composeVariables();
  expect(Object.keys(replicas)).toEqual(['replica-1', 'replica-2']);
  for (const variables of Object.values(replicas)) {
    expect(unknownOf(Object.keys(variables))).toEqual([]);
    expect(variables).toEqual(replicas['replica-1']);
    const config = readConfig({ ...imageVariables(), ...variables });
    expect(config.redisUrl).toBe('redis://redis:6379');
    expect(config.azureConnectionString).toContain('devstoreaccount1');
    expect(config.auth).toBe('off');
  }
});
