import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSplit } from '../../../src/evaluation/fixed-split/read-split.js';
import { withFolder } from '../../support/server.js';

/** Reads a split with these texts; `FOLDER` stands for the folder in messages. */
function read(train: string, test: string) {
  return withFolder(async (folder) => {
    const files = { train: join(folder, 'train.txt'), test: join(folder, 'test.txt') };
    await writeFile(files.train, train);
    await writeFile(files.test, test);
    return readSplit(files).catch((error: Error & { code: string }) => {
      throw Object.assign(new Error(error.message.replace(folder, 'FOLDER')), { code: error.code });
    });
  });
}

describe('readSplit', () => {
  it('gives users and items indexes in order of appearance, in both files the same', async () => {
    const split = await read('u1 10 20\r\n\n7 20\n8\n', '7 30 10\nnew 10');
    expect(split).toEqual({
      userIds: ['u1', '7', '8', 'new'],
      itemIds: ['10', '20', '30'],
      train: { users: Int32Array.of(0, 0, 1), items: Int32Array.of(0, 1, 1) },
      test: { users: Int32Array.of(1, 1, 3), items: Int32Array.of(2, 0, 0) },
    });
  });

  it.each([
    ['a 1\nb 2\na 3', 'a 4', 'BAD_ROW', 'FOLDER/train.txt, line 3: user "a" has a line already, line 1'],
    ['a 1\n\nb 2 3 2', 'a 4', 'BAD_ROW', 'FOLDER/train.txt, line 3: item "2" stands twice'],
    ['a 1', 'a 2,3', 'BAD_ROW', 'FOLDER/test.txt, line 1: "2,3" is not an item id (letters, digits, _ . : -)'],
    ['\n', 'a 2', 'EMPTY_SPLIT', 'FOLDER/train.txt has no pair of a user and an item'],
    ['a 2', 'a', 'EMPTY_SPLIT', 'FOLDER/test.txt has no pair of a user and an item'],
  ])('refuses %j and %j', async (train, test, code, message) => {
    await expect(read(train, test)).rejects.toMatchObject({ code, message });
  });

  it('names a file that is missing or no file', async () => {
    await withFolder(async (folder) => {
      const missing = join(folder, 'missing.txt');
      const files = { train: missing, test: missing };
      await expect(readSplit(files)).rejects.toMatchObject({
        code: 'FILE_NOT_FOUND',
        message: `there is no file ${missing}`,
      });
      await expect(readSplit({ ...files, train: folder })).rejects.toMatchObject({ code: 'UNREADABLE_FILE' });
    });
  });
});
