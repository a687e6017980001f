import fs from 'node:fs';
import { join } from 'node:path';
import { drawSecret, KEY_FILE, KeyFile, writeKeys } from '../../src/identity/key-file.js';
import { withFolder } from '../support/server.js';

it('takes a revocation although the file could not be read at first', async () => {
  await withFolder(async (folder) => {
    const path = join(folder, KEY_FILE);
    const id = 'a'.repeat(12);
    const { text, sha256 } = drawSecret(id);
    const key = {
      id,
      name: 'k',
      roles: ['client' as const],
      userId: 'u',
      createdAt: 0,
      revokedAt: null,
      secrets: [{ sha256, expiresAt: null }],
    };
    await writeKeys(path, [key]);
    let now = 0;
    const problems: string[] = [];
    const keys = new KeyFile(
      path,
      () => now,
      (message) => problems.push(message),
    );
    expect(keys.callerOf(text)).toMatchObject({ name: `key:${id}`, userId: 'u', rights: 'client' });

    await writeKeys(path, [{ ...key, revokedAt: 1 }]);
    const read = jest.spyOn(fs, 'readFileSync').mockImplementationOnce(() => {
      throw new Error('EMFILE: too many open files');
    });
    now += 1_000;
    expect(keys.callerOf(text)).not.toBeNull();
    expect(problems).toEqual(['the keys are those known before: EMFILE: too many open files']);
    read.mockRestore();
    now += 1_000;
    expect(keys.callerOf(text)).toBeNull();
  });
});
