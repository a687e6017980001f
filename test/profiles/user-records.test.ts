import { LmdbUserRecords, openWrittenUserRecords } from '../../src/profiles/lmdb-user-records.js';
import { MemoryUserRecords } from '../../src/profiles/memory-user-records.js';
import { userRecordsContract } from '../contracts/user-records.contract.js';
import { withFolder } from '../support/server.js';

const open = (folder: string, settings = 'these'): LmdbUserRecords => new LmdbUserRecords({ folder, settings });
const text = (record: Uint8Array | undefined): string | undefined => record && Buffer.from(record).toString();

describe('MemoryUserRecords', () => {
  userRecordsContract((run) => {
    const records = new MemoryUserRecords();
    return run(() => records);
  });

  it('reads through to written records, and hides those that it has written or removed itself', () => {
    const written = new MemoryUserRecords();
    for (const userId of ['u', 'v', 'w']) written.put(userId, 5, Buffer.from('written'));
    const records = new MemoryUserRecords(written);
    records.put('u', 7, Buffer.from('own'));
    records.remove('v', 7);
    expect(['u', 'v', 'w'].map((userId) => text(records.get(userId, 8)))).toEqual(['own', undefined, 'written']);
    expect(text(records.get('u', 6))).toBe('written');
    expect(['u', 'v'].map((userId) => text(written.get(userId, 8)))).toEqual(['written', 'written']);
  });
});

describe('LmdbUserRecords', () => {
  userRecordsContract((run) =>
    withFolder(async (folder) => {
      const records = open(folder);
      await run(() => records);
      await records.close();
    }),
  );

  it('holds what was put after it is opened again', async () => {
    await withFolder(async (folder) => {
      const records = open(folder);
      records.put('u', 5, Buffer.from('five'));
      await records.close();
      const again = open(folder);
      expect(Buffer.from(again.get('u', 5)!).toString()).toBe('five');
      await again.close();
    });
  });

  it('reads only what was put under the same settings, and erases under all', async () => {
    await withFolder(async (folder) => {
      const [these, those] = [open(folder), open(folder, 'those')];
      these.put('u', 5, Buffer.from('these'));
      expect(those.get('u', 9)).toBeUndefined();
      those.put('u', 6, Buffer.from('those'));
      those.put('v', 6, Buffer.from('other'));
      expect([these, those].map((records) => text(records.get('u', 9)))).toEqual(['these', 'those']);
      await these.erase('u', 9);
      await these.close();
      await those.close();
      const [again, other] = [open(folder), open(folder, 'those')];
      expect([again, other].map((records) => records.get('u', 9))).toEqual([undefined, undefined]);
      expect(text(other.get('v', 9))).toBe('other');
      await again.close();
      await other.close();
    });
  });
});

describe('written user records', () => {
  it('are read while they are written, under their settings, and are none in a folder without any', async () => {
    await withFolder(async (folder) => {
      expect(openWrittenUserRecords({ folder: `${folder}/none`, settings: 'these' })).toBeNull();
      const records = open(folder);
      records.put('u', 5, Buffer.from('five'));
      const [these, those] = ['these', 'those'].map((settings) => openWrittenUserRecords({ folder, settings })!);
      expect(text(these!.get('u', 9))).toBe('five');
      expect([those!.get('u', 9), these!.get('u', 4), these!.get('v', 9)]).toEqual([undefined, undefined, undefined]);
      for (const one of [these!, those!, records]) await one.close();
    });
  });
});
