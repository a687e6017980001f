import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { auditKey } from '../../src/audit/audit-key.js';
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
