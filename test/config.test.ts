import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, readConfig, SETTINGS } from '../src/config.js';
import { withFolder } from './support/server.js';

function problem(environment: Record<string, string>, given: Parameters<typeof readConfig>[1] = {}): string {
  try {
    readConfig(environment, given);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
  }
  return 'none';
}

describe('readConfig', () => {
  it('has a default for every setting', () => {
    expect(readConfig({})).toMatchObject({ port: 4000, host: '127.0.0.1', dataFolder: 'data', ide: 'graphiql' });
  });

  it('takes what the environment says, and the command line over it', () => {
    const config = readConfig(
      { PORT: '5000', GRAPHQL_IDE: 'off', INTROSPECTION: 'off', HISTORY_LENGTH: '7' },
      { port: '6000' },
    );
    expect(config).toMatchObject({ port: 6000, ide: 'off', introspection: 'off', state: { bounds: { history: 7 } } });
  });

  it.each([
    [{ PORT: 'http' }, 'PORT="http": allowed is a whole number from 0 to 65535'],
    [{ PORT: '70000' }, 'PORT="70000": allowed is a whole number from 0 to 65535'],
    [{ PORT: '' }, 'PORT="": allowed is a whole number from 0 to 65535'],
    [{ GRAPHQL_IDE: 'yes' }, 'GRAPHQL_IDE="yes": allowed is graphiql | sandbox | off'],
    [{ INTROSPECTION: 'true' }, 'INTROSPECTION="true": allowed is on | roles | off'],
    [
      { TRUST_PROXY: 'on' },
      'TRUST_PROXY="on": allowed is off, a number of proxies from 1 to 10, their addresses, or both',
    ],
    [{ RECOGRAPH_DATA: ' ' }, 'RECOGRAPH_DATA=" ": allowed is path of a folder, which is made where there is none'],
    [
      { SCOPES: 'all,planet' },
      'SCOPES: scope "planet": allowed are "all" and combinations of device, os, country, region, referrer, position joined by "+"',
    ],
    [{ RECOGRAPH_DATA: __filename }, `RECOGRAPH_DATA="${__filename}": allowed is path of a folder`],
    [{ RECOGRAPH_DATA: `${__filename}/data` }, `RECOGRAPH_DATA="${__filename}/data": allowed is path of a folder`],
    [{ HOST: '999.1.1.1' }, 'HOST="999.1.1.1": allowed is an IP address or a host name'],
    [{ HOST: 'no host' }, 'HOST="no host": allowed is an IP address or a host name'],
    [{ SCOPES: 'region' }, 'SCOPES: scopes: "all" must be among them'],
    [{ CORS_ORIGINS: '*' }, 'CORS_ORIGINS="*": allowed is origins separated by commas'],
    [{ CORS_ORIGINS: 'https://a.example/' }, 'CORS_ORIGINS="https://a.example/": allowed is origins'],
    [{ CORS_ORIGINS: 'https://a.example:443' }, 'CORS_ORIGINS="https://a.example:443": allowed is origins'],
    [{ TLS_CERT: '/nowhere.pem' }, 'TLS_CERT="/nowhere.pem": allowed is path of a file that can be read'],
    [{ AUDIT_LOG: ' ' }, 'AUDIT_LOG=" ": allowed is on | off | path of a folder'],
    [{ AUDIT_LOG: 'true' }, 'AUDIT_LOG="true": allowed is on | off | path of a folder, with a slash in it'],
    [{ AUDIT_LOG: __filename }, `AUDIT_LOG="${__filename}": allowed is on | off | path of a folder`],
    [{ TELEMETRY_SAMPLE: '1.5' }, 'TELEMETRY_SAMPLE="1.5": allowed is a number from 0 to 1'],
    [{ TLS_KEY: __filename }, 'TLS_CERT, TLS_KEY: both are needed, or none'],
    [
      { METRICS_PORT: '65534', PROCESSES: '2' },
      'METRICS_PORT="65534", PROCESSES="2": the processes would need the ports 65535 to 65536; the last is 65535',
    ],
    [
      { METRICS_PORT: '3998', PROCESSES: '2', HOST: '0.0.0.0' },
      'METRICS_PORT="3998", PROCESSES="2": PORT="4000" is among the ports of the metrics',
    ],
    [{ METRICS_PORT: '4000' }, 'METRICS_PORT="4000", PROCESSES="1": PORT="4000" is among the ports of the metrics'],
    [{ SCENARIOS_FILE: '/nowhere.json' }, /^SCENARIOS_FILE="\/nowhere.json": ENOENT/],
  ])('refuses %j and says what is allowed', (environment, message) => {
    // The rows of the table name different variables.
    expect(problem(environment as unknown as Record<string, string>)).toMatch(message);
  });

  it.each([
    { METRICS_PORT: '4000', HOST: '10.0.0.1' },
    { METRICS_PORT: '4000', PROCESSES: '2' },
    { METRICS_PORT: '3997', PROCESSES: '2' },
    { METRICS_PORT: '65533', PROCESSES: '2' },
    { METRICS_PORT: '0', PORT: '0', PROCESSES: '8' },
  ])('takes %j, for no two listen in one place', (environment) => {
    expect(problem(environment as unknown as Record<string, string>)).toBe('none');
  });

  it('takes the strict defaults in production, and what is set over them', () => {
    const strict = { production: true, ide: 'off', introspection: 'roles', suggestions: false };
    expect(readConfig({ NODE_ENV: 'production' })).toMatchObject(strict);
    expect(readConfig({ NODE_ENV: 'production', INTROSPECTION: 'on', GRAPHQL_IDE: 'graphiql' })).toMatchObject({
      ...strict,
      ide: 'graphiql',
      introspection: 'on',
    });
    expect(readConfig({ NODE_ENV: 'development' })).toMatchObject({ production: false, suggestions: true });
  });

  it('puts the audit log into the data folder, in production unless it is switched off', () => {
    const audit = {
      folder: join('data', 'audit'),
      key: null,
      rotateBytes: 100_000_000,
      keepDays: 90,
      keepFiles: 1_000,
    };
    expect(readConfig({}).audit).toBeNull();
    expect(readConfig({ AUDIT_LOG: 'on' }).audit).toEqual(audit);
    expect(readConfig({ NODE_ENV: 'production' }).audit).toEqual(audit);
    expect(readConfig({ NODE_ENV: 'production', AUDIT_LOG: 'off' }).audit).toBeNull();
    const AUDIT_KEY = 'k'.repeat(32);
    expect(readConfig({ AUDIT_LOG: '/var/audit', AUDIT_KEY }).audit).toMatchObject({
      folder: '/var/audit',
      key: AUDIT_KEY,
    });
  });

  it('refuses a short key of the audit log without showing it', () => {
    expect(problem({ AUDIT_LOG: 'on', AUDIT_KEY: 'short' })).toBe('AUDIT_KEY: allowed is at least 32 characters');
  });

  it('refuses a wrong connection string of Application Insights without showing it', () => {
    const variable = 'APPLICATIONINSIGHTS_CONNECTION_STRING';
    const key = 'InstrumentationKey=00000000-0000-4000-8000-000000000001';
    for (const good of [
      key,
      `${key};IngestionEndpoint=https://a.example/`,
      `IngestionEndpoint=https://a.example/;${key};`,
    ]) {
      expect(readConfig({ [variable]: good }).insights).toBe(good);
    }
    for (const wrong of [
      '',
      'secret',
      'InstrumentationKey=secret',
      `${key};secret`,
      'IngestionEndpoint=https://secret/',
    ]) {
      const said = problem({ [variable]: wrong });
      expect(said).toMatch(`${variable}: allowed is a connection string of Application Insights`);
      expect(said).not.toContain('secret');
    }
  });

  it('takes exact origins', () => {
    const CORS_ORIGINS = 'https://shop.example, http://localhost:3000';
    expect(readConfig({ CORS_ORIGINS }).corsOrigins).toEqual(['https://shop.example', 'http://localhost:3000']);
  });

  it('holds the command line to the same checks, and names the option', () => {
    const allowed = 'allowed is path of a folder, which is made where there is none';
    expect(problem({}, { dataFolder: '' })).toBe(`--data="": ${allowed}`);
    expect(problem({}, { dataFolder: __filename })).toBe(`--data="${__filename}": ${allowed}`);
    expect(problem({}, { port: 'http' })).toBe('--port="http": allowed is a whole number from 0 to 65535');
    expect(problem({}, { host: '' })).toBe('--host="": allowed is an IP address or a host name');
  });

  it.each(['localhost', 'a.example.org', '::1', '0.0.0.0'])('takes %s as a host', (HOST) => {
    expect(readConfig({ HOST }).host).toBe(HOST);
  });

  it('adds scenarios from a file to the built-in ones', async () => {
    await withFolder(async (folder) => {
      const file = join(folder, 'scenarios.json');
      await writeFile(file, JSON.stringify([{ name: 'home', weights: { COLD: { NEWEST: 0.4 } } }]));
      const home = readConfig({ SCENARIOS_FILE: file }).scenarios.find(({ name }) => name === 'home')!;
      expect(home.weights.COLD).toMatchObject({ POPULARITY: 0.95, NEWEST: 0.4 });
    });
  });

  it('has every setting in the README or the pages beside it', () => {
    const docs = join(__dirname, '../docs');
    const pages = ['../README.md', ...readdirSync(docs)].map((page) => readFileSync(join(docs, page), 'utf8')).join('');
    const missing = Object.values(SETTINGS).filter(({ variable }) => !pages.includes(`\`${variable}\``));
    expect(missing.map(({ variable }) => variable)).toEqual([]);
  });

  it('shows no secret, however wrong it is', () => {
    for (const variable of ['REDIS_URL', 'AZURE_STORAGE_CONNECTION_STRING', 'AUDIT_KEY']) {
      const wrong = (): unknown => readConfig({ [variable]: 'hunter2', AUDIT_LOG: 'on' });
      expect(wrong).toThrow(ConfigError);
      expect(wrong).toThrow(new RegExp(`^${variable}: allowed is (?!.*hunter2)`));
    }
  });

  it('names every setting once', () => {
    const names = Object.values(SETTINGS).map(({ variable }) => variable);
    expect(new Set(names).size).toBe(names.length);
  });
});
