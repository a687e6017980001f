import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { demoWorld, existingDemoWorld } from '../../src/commands/demo.js';
import { readConfig } from '../../src/config.js';
import { withFolder } from '../support/server.js';

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 4, 1, 12);

describe('the demo world of a folder', () => {
  it('is the same one at every start, whatever is made of the time between', async () => {
    await withFolder(async (dataFolder) => {
      const config = readConfig({}, { dataFolder });
      expect(await existingDemoWorld(config)).toBeNull();
      const made = (await demoWorld(config, NOW))!;
      const again = (await demoWorld(config, NOW + DAY_MS))!;
      expect([again.seed, again.startsAt]).toEqual([made.seed, made.startsAt]);
      expect(await readdir(dataFolder)).toEqual(['demo.json']);
      expect(JSON.parse(await readFile(join(dataFolder, 'demo.json'), 'utf8'))).toEqual({
        seed: made.seed,
        startsAt: made.startsAt,
      });
    });
  });

  it('is not made where other data is, and is where there is only the draft of a start that was killed, or a kept fold', async () => {
    await withFolder(async (dataFolder) => {
      const config = readConfig({}, { dataFolder });
      await writeFile(join(dataFolder, 'demo.json.7.tmp'), '');
      await mkdir(join(dataFolder, 'replay'));
      await mkdir(join(dataFolder, 'training'));
      expect(await demoWorld(config, NOW)).not.toBeNull();
    });
    await withFolder(async (dataFolder) => {
      await writeFile(join(dataFolder, 'mine'), '');
      expect(await demoWorld(readConfig({}, { dataFolder }), NOW)).toBeNull();
    });
  });

  it('that is damaged is told by its name and a code', async () => {
    await withFolder(async (dataFolder) => {
      await writeFile(join(dataFolder, 'demo.json'), '');
      await expect(demoWorld(readConfig({}, { dataFolder }), NOW)).rejects.toMatchObject({
        code: 'DEMO_DAMAGED',
        message: expect.stringContaining(join(dataFolder, 'demo.json')) as string,
      });
    });
  });
});
