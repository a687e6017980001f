import { rmSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FilesSnapshotStore } from '../../src/artifacts/files-snapshot-store.js';
import { BUILT_IN_SCENARIOS } from '../../src/engine/scenario.js';
import { type Event } from '../../src/events/event.js';
import { MemoryUserRecords } from '../../src/profiles/memory-user-records.js';
import { DEFAULT_STATE_SETTINGS } from '../../src/state/state-settings.js';
import { AlsWorkers } from '../../src/training/als/als-workers.js';
import { DEFAULT_RANKER_SETTINGS } from '../../src/training/ranker/ranker-settings.js';
import { RankerWorkers } from '../../src/training/ranker/ranker-workers.js';
import { type Trained, train } from '../../src/training/train.js';
import { publishFitted } from '../support/fitted.js';
import { sourceOf } from '../support/replay.js';
import { withFolder } from '../support/server.js';
import { click, MINUTE, NOON } from '../support/state.js';
import { tasteEvents } from '../support/training-world.js';

const workers = new AlsWorkers(2);
const rankerWorkers = new RankerWorkers(2);
afterAll(() => Promise.all([workers.close(), rankerWorkers.close()]));

const EVENTS = tasteEvents(1_500);
const END = NOON + 3_000 * MINUTE;
const NOW = END + 60 * MINUTE;

function trained(
  folder: string,
  events: readonly Event[],
  until: number | null = null,
  onProblem = (message: string): void => {
    throw new Error(message);
  },
  onStage: (text: string) => void = () => undefined,
): Promise<Trained> {
  return train({
    source: sourceOf(events),
    settings: DEFAULT_STATE_SETTINGS,
    records: new MemoryUserRecords(),
    store: new FilesSnapshotStore(folder),
    scenario: BUILT_IN_SCENARIOS[0]!,
    workers,
    rankerWorkers,
    ranker: {
      queries: 2_000,
      negatives: 10,
      settings: { ...DEFAULT_RANKER_SETTINGS, trees: 20 },
      learningCurve: false,
    },
    workFolder: join(folder, 'work'),
    until,
    queries: 300,
    baselines: [],
    searchMs: 0,
    seed: 1,
    now: () => NOW,
    clock: () => 0,
    onStage,
    onProblem,
  });
}

/** Contents of a snapshot's files, by name. */
async function filesOf(folder: string, { manifest }: Trained): Promise<Record<string, string>> {
  const { files } = await new FilesSnapshotStore(folder).read(manifest.id);
  return Object.fromEntries([...files].map(([name, bytes]) => [name, Buffer.from(bytes).toString('latin1')]));
}

describe('train', () => {
  it('makes the first snapshot LATEST, and keeps a second one of the same data without using it', () =>
    withFolder(async (folder) => {
      const store = new FilesSnapshotStore(folder);
      const first = await trained(folder, EVENTS);
      expect(first.published).toBe(true);
      expect(first.manifest.gate).toEqual({ accepted: true, reason: 'the first snapshot' });
      expect(first.manifest.dataUntil).toBe(EVENTS.at(-1)!.at + 1);
      expect(await store.latest()).toBe(first.manifest.id);
      const second = await trained(folder, EVENTS);
      expect(second.published).toBe(false);
      expect(await store.latest()).toBe(first.manifest.id);
      const { gate } = await store.manifest(second.manifest.id);
      expect(gate.accepted).toBe(false);
      expect(gate.reason).toContain('0 clicks to judge by since the data of the snapshot in use end');
    }));

  it('makes one LATEST that is fitted on later data and better than what there was', () =>
    withFolder(async (folder) => {
      const store = new FilesSnapshotStore(folder);
      const first = await trained(folder, EVENTS, NOON + 60 * MINUTE);
      const { manifest, gate, published, slices } = await trained(folder, EVENTS);
      expect(slices.gateFrom).toBeGreaterThanOrEqual(first.manifest.dataUntil);
      expect(gate.queries).toBeGreaterThan(50);
      const better = gate.candidate.overLivePopularity.mean > 0 && gate.candidate.overCurrent!.mean > 0;
      expect(better).toBe(true);
      expect(published).toBe(true);
      expect(manifest.gate.reason).toContain('better than live popularity');
      expect(await store.latest()).toBe(manifest.id);
    }));

  it('knows nothing from the end of the data on: later events change no byte and leave no id', () =>
    withFolder(async (folder) => {
      const later = Array.from({ length: 100 }, (_, at) => ({
        ...EVENTS[at]!,
        id: `late${at}`,
        itemId: 'only-later',
        at: END + at,
      }));
      const without = await filesOf(`${folder}/a`, await trained(`${folder}/a`, EVENTS, END));
      const beside = await filesOf(`${folder}/b`, await trained(`${folder}/b`, [...EVENTS, ...later], END));
      expect(Object.keys(without)).toContain('als-items.array');
      expect(beside).toEqual(without);
      expect(JSON.stringify(beside)).not.toContain('only-later');
      const all = await filesOf(`${folder}/c`, await trained(`${folder}/c`, [...EVENTS, ...later]));
      expect(JSON.stringify(all)).toContain('only-later');
    }));

  it('takes no time that is yet to come for the end of the data', () =>
    withFolder(async (folder) => {
      const wrong = { ...EVENTS[0]!, id: 'wrong', itemId: 'from-tomorrow', at: NOW + 60 * MINUTE };
      const { manifest, slices } = await trained(folder, [...EVENTS, wrong], NOW + 1_000 * MINUTE);
      expect(manifest.dataUntil).toBe(EVENTS.at(-1)!.at + 1);
      expect(slices.until).toBe(manifest.dataUntil);
    }));

  it('leaves out who was forgotten after the end of the data', () =>
    withFolder(async (folder) => {
      const own = Array.from({ length: 30 }, (_, at) => click('private', 'own-item', at, { id: `own${at}` }));
      const forget: Event = { kind: 'forget', userId: 'private', at: END };
      const with_ = await filesOf(`${folder}/a`, await trained(`${folder}/a`, [...own, ...EVENTS], END));
      const without = await filesOf(`${folder}/b`, await trained(`${folder}/b`, [...own, ...EVENTS, forget], END));
      expect(with_['als-items.json']).toContain('own-item');
      expect(without['als-items.json']).not.toContain('own-item');
    }));

  it('searches settings of the factorisation once, and again where the data have grown to four times as many pairs', () =>
    withFolder(async (folder) => {
      const searched = async (until: number): Promise<[number, number]> => {
        let searches = 0;
        const onStage = (text: string): void => void (searches += Number(text.startsWith('searching settings')));
        const { manifest } = await trained(folder, EVENTS, until, undefined, onStage);
        return [searches, (manifest.parameters as { als: { pairs: number } }).als.pairs];
      };
      const [first, pairs] = await searched(NOON + 300 * MINUTE);
      expect(first).toBe(1);
      expect(await searched(NOON + 400 * MINUTE)).toEqual([0, pairs]);
      const [again, grown] = await searched(END);
      expect(again).toBe(1);
      expect(grown).toBeGreaterThanOrEqual(4 * pairs);
    }));

  it('takes a store whose snapshot in use can’t be read for no empty one', () =>
    withFolder(async (folder) => {
      const store = new FilesSnapshotStore(folder);
      const first = await trained(folder, EVENTS);
      await writeFile(join(folder, 'main', first.manifest.id, 'blend-weights.json'), 'damaged');
      const problems: string[] = [];
      const second = await trained(folder, EVENTS, null, (message) => problems.push(message));
      expect(problems).toEqual([expect.stringContaining(first.manifest.id)]);
      expect(second.manifest.gate.reason).not.toContain('the first snapshot');
      expect(second.manifest.gate.reason).toContain(`; ${first.manifest.id} can't be read, and no earlier one can`);
      expect(second.gate.candidate.overCurrent).toBeNull();
      expect(second.manifest.gate.accepted).toBe(second.gate.candidate.overLivePopularity.mean > 0);
      expect(await store.latest()).toBe((second.published ? second : first).manifest.id);
    }));

  it('takes a store that lost LATEST for no empty one: it compares with what is pinned in its place', () =>
    withFolder(async (folder) => {
      const store = new FilesSnapshotStore(folder);
      const first = await trained(folder, EVENTS);
      await rm(join(folder, 'main', 'LATEST'), { recursive: true });
      await expect(trained(folder, EVENTS)).rejects.toMatchObject({ code: 'SNAPSHOT_CORRUPT' });
      expect(await store.list()).toHaveLength(1);
      await store.pin(first.manifest.id);
      const second = await trained(folder, EVENTS);
      expect(second.manifest.gate.reason).toContain('0 clicks to judge by since');
    }));

  it('compares with the one before where the snapshot in use can’t be read', () =>
    withFolder(async (folder) => {
      const store = new FilesSnapshotStore(folder);
      const first = await trained(folder, EVENTS);
      const broken = await publishFitted(store, 1);
      await writeFile(join(folder, 'main', broken, 'blend-weights.json'), 'damaged');
      const problems: string[] = [];
      const second = await trained(folder, EVENTS, null, (message) => problems.push(message));
      expect(problems).toEqual([expect.stringContaining(broken)]);
      // Live popularity alone would let it pass; the data of the one that stands in end where all data do.
      expect(second.manifest.gate).toEqual({
        accepted: false,
        reason: expect.stringMatching(
          `^0 clicks to judge by since .*; ${first.manifest.id} stands in for ${broken}, which can't be read$`,
        ),
      });
      expect(await store.latest()).toBe(broken);
    }));

  it('makes LATEST of one of two that end together, and says so of the other', () =>
    withFolder(async (folder) => {
      const both = await Promise.all([trained(folder, EVENTS), trained(folder, EVENTS)]);
      expect(both.map(({ published }) => published).sort()).toEqual([false, true]);
      const { manifest } = both.find(({ published }) => published)!;
      expect(await new FilesSnapshotStore(folder).latest()).toBe(manifest.id);
    }));

  it('says what ended it, also where its work folder is gone', () =>
    withFolder(async (folder) => {
      const problems: string[] = [];
      const fail = (text: string): void => {
        if (!text.startsWith('folding')) return;
        rmSync(join(folder, 'work'), { recursive: true });
        throw new Error('the disk is full');
      };
      const failed = trained(folder, EVENTS, null, (message) => problems.push(message), fail);
      await expect(failed).rejects.toThrow('the disk is full');
      expect(problems).toEqual([expect.stringContaining('the work folder stays: ENOENT')]);
    }));

  it('refuses to train where there is no interaction, or none before the end', () =>
    withFolder(async (folder) => {
      const refused = { code: 'TOO_FEW_EVENTS', message: 'there is no interaction to train on' };
      await expect(trained(folder, [])).rejects.toMatchObject(refused);
      await expect(trained(folder, EVENTS, NOON)).rejects.toMatchObject(refused);
      expect(await new FilesSnapshotStore(folder).list()).toEqual([]);
    }));
});
