/** A thread of a fit of ranking trees: runs one task after another over the shared memory. */
import { parentPort } from 'node:worker_threads';
import { Stopped, Team } from '../workers/team.js';
import { addTree } from './add-tree.js';
import { binColumn, findBins } from './feature-bins.js';
import { growTree } from './grow-tree.js';
import { rankerKernel } from './ranker-kernel.js';
import { viewRankerMemory } from './ranker-memory.js';
import { type RankerTask, type RankerTaskDone } from './ranker-task.js';
import { Laps, noTime, type RankerThread } from './ranker-thread.js';
import { judgeValidation } from './validation-ndcg.js';

type TaskOf<Kind> = RankerTask & { readonly kind: Kind };

const NOTHING: RankerTaskDone = { bins: [], tree: null, phases: noTime() };
let thread: RankerThread;

parentPort!.on('message', (task: RankerTask) => {
  parentPort!.postMessage(unlessStopped(() => run(task)));
});

function run(task: RankerTask): RankerTaskDone {
  if (task.kind === 'find-bins') return findOwnBins(task);
  if (task.kind === 'grow') return grow(task);
  if (task.kind === 'bin') bin(task);
  else open(task);
  return NOTHING;
}

/** Whoever stopped the team throws what has to be said. */
function unlessStopped(work: () => RankerTaskDone): RankerTaskDone {
  try {
    return work();
  } catch (error) {
    if (error instanceof Stopped) return NOTHING;
    throw error;
  }
}

function findOwnBins({ values, rows, most, worker, workers }: TaskOf<'find-bins'>): RankerTaskDone {
  const bins = [];
  for (let feature = worker; feature * rows < values.length; feature += workers)
    bins.push(findBins(feature, values.subarray(feature * rows, (feature + 1) * rows), most));
  return { ...NOTHING, bins };
}

function open({ shape, storage, worker, settings, features }: TaskOf<'open'>): void {
  const memory = viewRankerMemory(shape, storage);
  const team = new Team(memory.control, shape.workers);
  thread = { worker, memory, kernel: rankerKernel(storage), team, settings, features, laps: new Laps() };
}

function bin({ set, values, rows, places }: TaskOf<'bin'>): void {
  const { features, memory, team } = thread;
  const { bins } = memory[set];
  for (const { from } of team.chunks(features.length, 1)) {
    const { feature } = features[from]!;
    const column = values.subarray(feature * rows, (feature + 1) * rows);
    binColumn(features[from]!, column, places, bins.subarray(from * places.length, (from + 1) * places.length));
  }
}

function grow(draw: TaskOf<'grow'>): RankerTaskDone {
  thread.laps.start();
  const grown = growTree(thread, draw);
  addTree(thread, grown, draw.rows);
  if (thread.memory.ndcg.length > 0) judgeValidation(thread);
  const { splits, leaves } = grown;
  return { ...NOTHING, tree: { splits, leaves }, phases: thread.laps.phases };
}
