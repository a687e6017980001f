import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FilesSnapshotStore } from '../../src/artifacts/files-snapshot-store.js';
import { BUILT_IN_SCENARIOS } from '../../src/engine/scenario.js';
import { snapshotOf } from '../../src/engine/snapshot-files.js';
import { MemoryUserRecords } from '../../src/profiles/memory-user-records.js';
import { DEFAULT_STATE_SETTINGS } from '../../src/state/state-settings.js';
import { AlsWorkers } from '../../src/training/als/als-workers.js';
import { DEFAULT_RANKER_SETTINGS } from '../../src/training/ranker/ranker-settings.js';
import { exportRows } from '../../src/training/export-rows.js';
import { RankerWorkers } from '../../src/training/ranker/ranker-workers.js';
import { type Trained, train } from '../../src/training/train.js';
import { type TrainOptions } from '../../src/training/train-options.js';
import { sourceOf } from '../support/replay.js';
import { withFolder } from '../support/server.js';
import { MINUTE, NOON } from '../support/state.js';
import { tasteEvents } from '../support/training-world.js';

const workers = new AlsWorkers(2);
const rankerWorkers = new RankerWorkers(2);
afterAll(() => Promise.all([workers.close(), rankerWorkers.close()]));

const EVENTS = tasteEvents(4_000, 1, 600);
const SETTINGS = { ...DEFAULT_RANKER_SETTINGS, trees: 20, leaves: 8, minRowsInLeaf: 20 };

function optionsFor(folder: string, rest: Partial<TrainOptions> = {}): TrainOptions {
  return {
    source: sourceOf(EVENTS),
    settings: DEFAULT_STATE_SETTINGS,
    records: new MemoryUserRecords(),
    store: new FilesSnapshotStore(join(folder, 'snapshots')),
    scenario: BUILT_IN_SCENARIOS[0]!,
    workers,
    rankerWorkers,
    ranker: { queries: 2_000, negatives: 10, settings: SETTINGS, learningCurve: true },
    workFolder: join(folder, 'work'),
    until: null,
    queries: 300,
    baselines: [],
    searchMs: 0,
    seed: 1,
    now: () => NOON + 9_000 * MINUTE,
    clock: () => 0,
    onStage: () => undefined,
    onProblem: (message) => {
      throw new Error(message);
    },
    ...rest,
  };
}

/** Contents of a snapshot's files, by name. */
async function filesOf(folder: string, { manifest }: Trained): Promise<Record<string, string>> {
  const { files } = await new FilesSnapshotStore(join(folder, 'snapshots')).read(manifest.id);
  return Object.fromEntries([...files].map(([name, bytes]) => [name, Buffer.from(bytes).toString('latin1')]));
}

describe('training with a ranker', () => {
  it('judges it against the blend, serves it only where it is better, and says what it goes by', () =>
    withFolder(async (folder) => {
      const { manifest, gate, ranker } = await train(optionsFor(folder));
      expect(gate.ranker).not.toBeNull();
      const { kept, overBlend } = gate.ranker!;
      // In this world readers keep to their taste, which trees tell better than a mixture.
      expect([kept, overBlend.mean > 0, ranker !== null]).toEqual([true, true, true]);
      const snapshot = snapshotOf(await optionsFor(folder).store.read(manifest.id));
      expect(snapshot.ranker).not.toBeNull();
      expect(manifest.metrics['ndcg@10 of the ranker over the blend']).toBe(overBlend.mean);
      expect(ranker!.learningCurve!.map(({ queries }) => queries)).toEqual(
        [...ranker!.learningCurve!.map(({ queries }) => queries)].sort((a, b) => a - b),
      );
      expect(ranker!.learningCurve!.at(-1)!.ndcg).toBe(ranker!.validation);
      const sum = ranker!.importances.reduce((total, [, part]) => total + part, 0);
      expect(sum).toBeCloseTo(1, 9);
      expect(manifest.parameters['ranker']).toMatchObject({ trees: ranker!.ensemble.trees.length });
      expect(await readdir(join(folder, 'work'))).toEqual([]);
    }));

  it('fits none where it is switched off', () =>
    withFolder(async (folder) => {
      const off = { queries: 0, negatives: 10, settings: SETTINGS, learningCurve: false };
      const { gate, ranker, manifest } = await train(optionsFor(folder, { ranker: off }));
      expect([gate.ranker, ranker]).toEqual([null, null]);
      expect(manifest.files.map(({ name }) => name)).not.toContain('ranker.txt');
    }));

  it('goes on from the steps that were finished, and ends with the same files', () =>
    withFolder(async (folder) => {
      const abort = new AbortController();
      const stages: string[] = [];
      const note = (text: string): void => {
        const [stage] = text.split(/[,\d]/);
        if (stages.at(-1) !== stage) stages.push(stage!);
      };
      const interrupted = train(
        optionsFor(folder, {
          signal: abort.signal,
          onStage: (text) => {
            note(text);
            if (text.startsWith('fitting the ranker')) abort.abort(new Error('interrupted'));
          },
        }),
      );
      await expect(interrupted).rejects.toThrow('interrupted');
      expect(stages.filter((stage) => stage.startsWith('asking')).length).toBeGreaterThan(1);
      expect(await optionsFor(folder).store.list()).toEqual([]);

      // Rows for somebody else in between take nothing away.
      await exportRows(optionsFor(folder), () => Promise.resolve());
      stages.length = 0;
      const resumed = await train(optionsFor(folder, { onStage: note }));
      // Weights and rows were there: the first lists that are asked for are the gate's.
      expect(stages.indexOf('asking ')).toBeGreaterThan(
        stages.findIndex((stage) => stage.startsWith('fitting the ranker')),
      );
      await withFolder(async (other) => {
        const whole = await train(optionsFor(other));
        expect(await filesOf(folder, resumed)).toEqual(await filesOf(other, whole));
      });
    }));
});
