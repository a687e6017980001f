/** The secret that pseudonyms are made with: made once, 32 random bytes in hex, readable by its owner alone. */
import { randomBytes } from 'node:crypto';
import { link, readFile, unlink, writeFile } from 'node:fs/promises';

/** Several processes that start at once get the same. */
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
  return (await readFile(file, 'utf8')).trim();
}
