import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { showState } from '../../src/commands/state.js';
import { type Config, readConfig } from '../../src/config.js';
import { openGateway } from '../../src/open-gateway.js';
import { withFolder } from '../support/server.js';
import { click } from '../support/state.js';

const configOf = (dataFolder: string, users: number, history: number): Config =>
  readConfig({ USERS_IN_MEMORY: String(users), HISTORY_LENGTH: String(history) }, { dataFolder });

async function shown(config: Config, rebuild: boolean): Promise<string> {
  const lines: string[] = [];
  await showState(config, rebuild, (line) => lines.push(line));
  return lines.find((line) => line.startsWith('hash '))!;
}

/** A digest of every file in the folder but lmdb's tables of readers. */
async function contents(folder: string): Promise<Record<string, string>> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const digests = files
    .filter((file) => file.isFile() && file.name !== 'lock.mdb')
    .map(async ({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [
        path,
        createHash('sha256')
          .update(await readFile(path))
          .digest('hex'),
      ];
    });
  return Object.fromEntries(await Promise.all(digests)) as Record<string, string>;
}

describe('recograph state', () => {
  it('tells the hash of a fold from the start under any settings, though users had spilled under others, and writes nothing', async () => {
    await withFolder(async (folder) => {
      const made = configOf(folder, 3, 3);
      const { gateway, close } = await openGateway(made, (message) => expect(message).toBe('none'));
      await gateway.append(Array.from({ length: 60 }, (_, at) => click(`u${(at * 7) % 6}`, `i${at % 11}`, at)));
      await close();
      const before = await contents(folder);
      for (const config of [made, configOf(folder, 2, 50), configOf(folder, 3, 50), configOf(folder, 100, 3)]) {
        expect(await shown(config, false)).toBe(await shown(config, true));
      }
      expect(await contents(folder)).toEqual(before);
    });
  });
});
