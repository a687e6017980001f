import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { auditKey } from '../../src/audit/audit-key.js';
import { ConfigError } from '../../src/config.js';
import { withFolder } from '../support/server.js';

it('makes one key that only its owner may read, and gives the same ever after', async () => {
  await withFolder(async (folder) => {
    const file = join(folder, 'audit.key');
    const key = await auditKey(file);
    expect(key).toMatch(/^[\da-f]{64}$/);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await auditKey(file)).toBe(key);
  });
});

it.each([
  ['', 0],
  [`${'a'.repeat(31)}\n`, 31],
])('refuses a file that holds %j: no key', async (text, length) => {
  await withFolder(async (folder) => {
    const file = join(folder, 'audit.key');
    await writeFile(file, text);
    await expect(auditKey(file)).rejects.toThrow(
      new ConfigError(
        `${file}: a key has at least 32 characters, this one ${length}; put the old one back, or delete the file: pseudonyms change then`,
      ),
    );
  });
});
