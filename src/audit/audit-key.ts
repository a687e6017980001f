/** The secret that pseudonyms are made with: made once, 32 random bytes in hex, readable by its owner alone. */
import { randomBytes } from 'node:crypto';
import { link, readFile, unlink, writeFile } from 'node:fs/promises';
import { ConfigError } from '../config.js';
import { AUDIT_KEY_LENGTH } from '../settings/audit.js';

/** Several processes that start at once get the same. @throws ConfigError where the file holds no key: pseudonyms under it could be guessed */
export async function auditKey(file: string): Promise<string> {
  const own = `${file}.${process.pid}`;
  await writeFile(own, randomBytes(32).toString('hex'), { mode: 0o600 });
  try {
    await link(own, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(own);
  }
  const key = (await readFile(file, 'utf8')).trim();
  if (key.length >= AUDIT_KEY_LENGTH) return key;
  throw new ConfigError(
    `${file}: a key has at least ${AUDIT_KEY_LENGTH} characters, this one ${key.length}; put the old one back, or delete the file: pseudonyms change then`,
  );
}
