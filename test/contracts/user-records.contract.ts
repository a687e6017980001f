/** What every backend of user records must do. */
import { type UserRecords } from '../../src/profiles/user-records.js';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const text = (record: Uint8Array | undefined): string | undefined => record && Buffer.from(record).toString();

export function userRecordsContract(
  withRecords: (run: (records: UserRecords) => Promise<void>) => Promise<void>,
): void {
  it('gives the newest record as of a position', () =>
    withRecords(async (records) => {
      records.put('u', 5, bytes('five'));
      records.put('u', 9, bytes('nine'));
      records.put('v', 7, bytes('other'));
      await Promise.resolve();
      expect([4, 5, 8, 9, 99].map((at) => text(records.get('u', at)))).toEqual([
        undefined,
        'five',
        'five',
        'nine',
        'nine',
      ]);
      expect(text(records.get('nobody', 99))).toBeUndefined();
    }));

  it('has none from a removal on, and what was before for an earlier fold', () =>
    withRecords(async (records) => {
      records.put('u', 5, bytes('five'));
      records.remove('u', 8);
      await Promise.resolve();
      expect([7, 8].map((at) => text(records.get('u', at)))).toEqual(['five', undefined]);
    }));

  it('keeps what a fold may still start from, and writing the same again changes nothing', () =>
    withRecords(async (records) => {
      records.put('u', 5, bytes('five'));
      records.put('u', 9, bytes('nine'));
      records.keepFrom(10);
      records.put('u', 12, bytes('twelve'));
      records.put('u', 12, bytes('twelve'));
      await Promise.resolve();
      expect([10, 12].map((at) => text(records.get('u', at)))).toEqual(['nine', 'twelve']);
    }));

  it('erases every record of a user, and of nobody else', () =>
    withRecords(async (records) => {
      records.put('u', 5, bytes('five'));
      records.put('uu', 5, bytes('other'));
      records.erase('u');
      await Promise.resolve();
      expect([text(records.get('u', 99)), text(records.get('uu', 99))]).toEqual([undefined, 'other']);
    }));
}
