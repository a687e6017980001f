/** The audit log that the settings ask for. */
import { access, constants, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Logger } from 'pino';
import { ConfigError } from '../config.js';
import { type AuditSettings } from '../settings/audit.js';
import { AuditFiles } from './audit-files.js';
import { auditKey } from './audit-key.js';
import { AuditLog } from './audit-log.js';
import { pseudonymsUnder } from './pseudonyms.js';

/** @throws ConfigError where nothing can be written to its folder, or its key is none */
export async function openAuditLog(settings: AuditSettings, dataFolder: string, logger: Logger): Promise<AuditLog> {
  await demandFolder(settings.folder);
  const clock = (): number => Date.now();
  const key = settings.key ?? (await auditKey(join(dataFolder, 'audit.key')));
  const files = new AuditFiles({ ...settings, clock });
  return new AuditLog({ files, pseudonymOf: pseudonymsUnder(key), clock, logger });
}

/** A server that must keep an audit log does not start without one; a disk that fails later stops nothing. */
async function demandFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError(`AUDIT_LOG: no files can be made in the folder "${folder}" (${code})`);
  }
}
