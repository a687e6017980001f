import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, readConfig, SETTINGS } from '../src/config.js';
import { withFolder } from './support/server.js';

function problem(environment: Record<string, string>): string {
  try {
    readConfig(environment);
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
      { port: 6000 },
    );
    expect(config).toMatchObject({ port: 6000, ide: 'off', introspection: false, state: { bounds: { history: 7 } } });
  });

  it.each([
    [{ PORT: 'http' }, 'PORT="http": allowed is a whole number from 0 to 65535'],
    [{ PORT: '70000' }, 'PORT="70000": allowed is a whole number from 0 to 65535'],
    [{ PORT: '' }, 'PORT="": allowed is a whole number from 0 to 65535'],
    [{ GRAPHQL_IDE: 'yes' }, 'GRAPHQL_IDE="yes": allowed is graphiql | sandbox | off'],
    [{ INTROSPECTION: 'true' }, 'INTROSPECTION="true": allowed is on | off'],
    [{ RECOGRAPH_DATA: ' ' }, 'RECOGRAPH_DATA=" ": allowed is any text'],
    [
      { SCOPES: 'all,planet' },
      'SCOPES: scope "planet": allowed are "all" and combinations of device, os, country, region, referrer, position joined by "+"',
    ],
    [{ SCOPES: 'region' }, 'SCOPES: scopes: "all" must be among them'],
    [{ SCENARIOS_FILE: '/nowhere.json' }, /^SCENARIOS_FILE="\/nowhere.json": ENOENT/],
  ])('refuses %j and says what is allowed', (environment, message) => {
    expect(problem(environment as unknown as Record<string, string>)).toMatch(message);
  });

  it('adds scenarios from a file to the built-in ones', async () => {
    await withFolder(async (folder) => {
      const file = join(folder, 'scenarios.json');
      await writeFile(file, JSON.stringify([{ name: 'home', weights: { COLD: { NEWEST: 0.4 } } }]));
      const home = readConfig({ SCENARIOS_FILE: file }).scenarios.find(({ name }) => name === 'home')!;
      expect(home.weights.COLD).toMatchObject({ POPULARITY: 0.95, NEWEST: 0.4 });
    });
  });

  it('names every setting once', () => {
    const names = Object.values(SETTINGS).map(({ variable }) => variable);
    expect(new Set(names).size).toBe(names.length);
  });
});
