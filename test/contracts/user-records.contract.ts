/** What every backend of user records must do. */
import { type UserRecords } from '../../src/profiles/user-records.js';

/** Opens records over one store, each for a fold of its own. */
export type OpenRecords = () => UserRecords;

export const bytes = (text: string): Uint8Array => Buffer.from(text);

/** The record, as text, once all that was written is in the store; read as a fold reads it. */
export async function textAt(records: UserRecords, userId: string, position: number): Promise<string | undefined> {
  for (let asked; (asked = records.prefetch([userId], position)) !== null;) await asked;
  expect(records.isAtHand(userId)).toBe(true);
  const record = records.get(userId, position);
  return record && Buffer.from(record).toString();
}

export async function flushed(records: UserRecords): Promise<void> {
  for (let writing; (writing = records.flush()) !== null;) await writing;
}

export function userRecordsContract(withStore: (run: (open: OpenRecords) => Promise<void>) => Promise<void>): void {
  /** What folds that begin at these positions read. */
  const textsAt = async (open: OpenRecords, userId: string, positions: readonly number[]): Promise<unknown[]> => {
    const texts: unknown[] = [];
    for (const position of positions) texts.push(await textAt(open(), userId, position));
    return texts;
  };

  it('gives the newest record as of a position', () =>
    withStore(async (open) => {
      const records = open();
      records.put('u', 5, bytes('five'));
      records.put('u', 9, bytes('nine'));
      records.put('v', 7, bytes('other'));
      expect(await textAt(records, 'u', 9)).toBe('nine');
      await flushed(records);
      expect(await textsAt(open, 'u', [4, 5, 8, 9, 99])).toEqual([undefined, 'five', 'five', 'nine', 'nine']);
      expect(await textsAt(open, 'nobody', [99])).toEqual([undefined]);
      expect(await textAt(records, 'nobody', 99)).toBeUndefined();
    }));

  it('tells a fold at once what it has written itself', () =>
    withStore((open) => {
      const records = open();
      records.put('u', 5, bytes('five'));
      expect(records.get('u', 5)).toEqual(Buffer.from('five'));
      records.remove('u', 6);
      expect(records.get('u', 7)).toBeUndefined();
      records.put('u', 8, bytes('eight'));
      expect(records.get('u', 9)).toEqual(Buffer.from('eight'));
      return Promise.resolve();
    }));

  it('has none from a removal on, and what was before for an earlier fold', () =>
    withStore(async (open) => {
      const records = open();
      records.put('u', 5, bytes('five'));
      records.remove('u', 8);
      await flushed(records);
      expect(await textsAt(open, 'u', [7, 8])).toEqual(['five', undefined]);
    }));

  it('keeps what a fold may still start from, and writing the same again changes nothing', () =>
    withStore(async (open) => {
      const records = open();
      records.put('u', 5, bytes('five'));
      records.put('u', 9, bytes('nine'));
      records.keepFrom(10);
      records.put('u', 12, bytes('twelve'));
      records.put('u', 12, bytes('twelve'));
      await flushed(records);
      expect(await textsAt(open, 'u', [10, 12])).toEqual(['nine', 'twelve']);
    }));

  it('takes the later of two records of one position', () =>
    withStore(async (open) => {
      const records = open();
      records.put('u', 5, bytes('zero'));
      await flushed(records);
      records.put('u', 5, bytes('five'));
      await flushed(records);
      expect(await textsAt(open, 'u', [4, 5])).toEqual([undefined, 'five']);
    }));

  it('erases every record of a user up to a position, and no other', () =>
    withStore(async (open) => {
      const records = open();
      records.put('u', 5, bytes('five'));
      records.put('uu', 5, bytes('other'));
      await flushed(records);
      records.put('u', 7, bytes('seven'));
      records.put('u', 11, bytes('eleven'));
      await records.erase('u', 7);
      expect(await textAt(records, 'u', 11)).toBe('eleven');
      await flushed(records);
      expect(await textsAt(open, 'u', [5, 10, 99])).toEqual([undefined, undefined, 'eleven']);
      expect(await textsAt(open, 'uu', [99])).toEqual(['other']);
      await records.erase('u', 99);
      expect(await textAt(records, 'u', 99)).toBeUndefined();
      expect(await textsAt(open, 'u', [99])).toEqual([undefined]);
    }));
}
