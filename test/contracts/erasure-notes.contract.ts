/** What every home of erasure notes must do; each backend's test file runs it with its own way of opening one. */
import { processMark } from '../../src/disk/process-mark.js';
import { type ErasureNote, type ErasureNotes } from '../../src/erasure-note.js';

export const NOTE: ErasureNote = {
  pseudonym: 'erased-1',
  sessionSalt: 'salt',
  userId: 'anna',
  merged: [{ userId: 'visitor-7', position: 3 }],
  at: 1_700_000_000_000,
  owner: processMark(),
  position: null,
  carriedOut: false,
};

export interface OpenedNotes {
  readonly notes: ErasureNotes;
  /** Puts something else in the place of a note. */
  damage(name: string, text: string): Promise<void>;
}

/** Defines the suite. `open` gives an empty place each time. */
export function erasureNotesContract(backend: string, open: () => Promise<OpenedNotes>): void {
  describe(`erasure notes in ${backend}`, () => {
    it('gives back a note as it was written last, by its name', async () => {
      const { notes } = await open();
      expect(await notes.names()).toEqual([]);
      await notes.write(NOTE);
      await notes.write({ ...NOTE, pseudonym: 'erased-2', userId: 'bob' });
      const further = { ...NOTE, position: 8, carriedOut: true };
      await notes.write(further);
      expect([...(await notes.names())].sort()).toEqual(['erased-1', 'erased-2']);
      expect(await notes.read('erased-1')).toEqual(further);
      expect(await notes.read('erased-3')).toBeNull();
    });

    it('has nothing left of a note that was removed, nor minds removing it twice', async () => {
      const { notes } = await open();
      await notes.write(NOTE);
      await notes.remove('erased-1');
      await notes.remove('erased-1');
      expect(await notes.names()).toEqual([]);
      expect(await notes.read('erased-1')).toBeNull();
    });

    it('names a note that can’t be read', async () => {
      const { notes, damage } = await open();
      await notes.write(NOTE);
      for (const text of ['', '{"userId":"anna"}', '[]']) {
        await damage('erased-1', text);
        expect(await notes.names()).toEqual(['erased-1']);
        await expect(notes.read('erased-1')).rejects.toMatchObject({
          code: 'ERASURE_NOTE_DAMAGED',
          message: expect.stringContaining('erased-1') as string,
        });
      }
    });

    it('lets whoever wrote a note go on with it', async () => {
      const { notes } = await open();
      await notes.write(NOTE);
      expect(await notes.claim(NOTE)).toBe(true);
      expect(await notes.claim(NOTE)).toBe(true);
    });
  });
}
