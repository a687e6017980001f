import { LmdbUserRecords } from '../../src/profiles/lmdb-user-records.js';
import { MemoryUserRecords } from '../../src/profiles/memory-user-records.js';
import { userRecordsContract } from '../contracts/user-records.contract.js';
import { withFolder } from '../support/server.js';

describe('MemoryUserRecords', () => userRecordsContract((run) => run(new MemoryUserRecords())));

describe('LmdbUserRecords', () => {
  userRecordsContract((run) =>
    withFolder(async (folder) => {
      const records = new LmdbUserRecords(folder);
      await run(records);
      await records.close();
    }),
  );

  it('holds what was put after it is opened again', async () => {
    await withFolder(async (folder) => {
      const records = new LmdbUserRecords(folder);
      records.put('u', 5, Buffer.from('five'));
      await records.close();
      const again = new LmdbUserRecords(folder);
      expect(Buffer.from(again.get('u', 5)!).toString()).toBe('five');
      await again.close();
    });
  });
});
