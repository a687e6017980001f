/** The audit log that the settings ask for. */
import { join } from 'node:path';
import { type Logger } from 'pino';
import { type AuditSettings } from '../settings/audit.js';
import { AuditFiles } from './audit-files.js';
import { auditKey } from './audit-key.js';
import { AuditLog } from './audit-log.js';
import { pseudonymsUnder } from './pseudonyms.js';

export async function openAuditLog(settings: AuditSettings, dataFolder: string, logger: Logger): Promise<AuditLog> {
  const clock = (): number => Date.now();
  const key = settings.key ?? (await auditKey(join(dataFolder, 'audit.key')));
  const files = new AuditFiles({ ...settings, clock });
  return new AuditLog({ files, pseudonymOf: pseudonymsUnder(key), clock, logger });
}
