import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readHashed, replaceFile, writeDurable } from '../../src/disk/durable-file.js';
import { withFolder } from '../support/server.js';

describe('replaceFile', () => {
  it('puts a file in the place of an earlier one and leaves nothing beside it', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'note.json');
      await replaceFile(path, 'first');
      await replaceFile(path, 'second');
      expect(await readFile(path, 'utf8')).toBe('second');
      expect(await readdir(folder)).toEqual(['note.json']);
    });
  });

  it('leaves the earlier file as it was where the new one can’t take its place', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'taken');
      await mkdir(join(path, 'inside'), { recursive: true });
      await expect(replaceFile(path, 'text')).rejects.toThrow();
      expect(await readdir(path)).toEqual(['inside']);
    });
  });
});

describe('writeDurable and readHashed', () => {
  it('agree on the checksum of what was written, and one of them never writes over a file', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'bytes');
      const bytes = Uint8Array.from({ length: 3_000_001 }, (_, at) => at % 251);
      const sha256 = await writeDurable(path, bytes);
      const read = await readHashed(path, bytes.length);
      expect(read.sha256).toBe(sha256);
      expect(Buffer.compare(read.bytes, bytes)).toBe(0);
      await expect(writeDurable(path, bytes)).rejects.toMatchObject({ code: 'EEXIST' });
    });
  });
});
