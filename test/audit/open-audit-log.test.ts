import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { openAuditLog } from '../../src/audit/open-audit-log.js';
import { ConfigError } from '../../src/config.js';
import { withFolder } from '../support/server.js';

const SETTINGS = { rotateBytes: 1_000, keepDays: 1, keepFiles: 2 };
const logger = pino({ level: 'silent' });

it('does not open where its folder can’t be made', async () => {
  await withFolder(async (data) => {
    const folder = join(data, 'audit');
    await writeFile(folder, '');
    const opening = openAuditLog({ ...SETTINGS, folder, key: 'k'.repeat(32) }, data, logger);
    await expect(opening).rejects.toThrow(
      new ConfigError(`AUDIT_LOG: no files can be made in the folder "${folder}" (EEXIST)`),
    );
  });
});

it('makes its folder, and opens in one that there is', async () => {
  await withFolder(async (data) => {
    const folder = join(data, 'a', 'b');
    await (await openAuditLog({ ...SETTINGS, folder, key: null }, data, logger)).close();
    await mkdir(folder, { recursive: true });
    await (await openAuditLog({ ...SETTINGS, folder, key: null }, data, logger)).close();
  });
});
