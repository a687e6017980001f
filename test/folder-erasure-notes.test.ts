import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processMark } from '../src/disk/process-mark.js';
import { FolderErasureNotes } from '../src/folder-erasure-notes.js';
import { erasureNotesContract, NOTE } from './contracts/erasure-notes.contract.js';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function open(): Promise<{ folder: string; notes: FolderErasureNotes }> {
  const folder = await mkdtemp(join(tmpdir(), 'recograph-'));
  folders.push(folder);
  return { folder, notes: new FolderErasureNotes(join(folder, 'notes'), 1_000, Date.now) };
}

erasureNotesContract('a folder', async () => {
  const { folder, notes } = await open();
  return { notes, damage: (name, text) => writeFile(join(folder, 'notes', `${name}.json`), text) };
});

describe('FolderErasureNotes', () => {
  it('leaves a note to another process that wrote it, as long as that runs', async () => {
    const { notes } = await open();
    expect(await notes.claim({ ...NOTE, owner: processMark(process.ppid) })).toBe(false);
    expect(await notes.claim({ ...NOTE, owner: { ...processMark(process.ppid), began: 'another time' } })).toBe(true);
  });

  it('removes drafts that a crash left behind, and not those being written', async () => {
    const { folder, notes } = await open();
    await notes.write(NOTE);
    const drafts = ['old', 'new'].map((name) => join(folder, 'notes', `${name}.draft`));
    for (const draft of drafts) await writeFile(draft, '{}');
    await utimes(drafts[0]!, 0, 0);
    await notes.names();
    expect((await readdir(join(folder, 'notes'))).sort()).toEqual(['erased-1.json', 'new.draft']);
  });
});
