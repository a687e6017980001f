/** The threads of fits of ranking trees. */
import { join } from 'node:path';
import { TaskWorkers } from '../workers/task-workers.js';
import { type RankerTask, type RankerTaskDone } from './ranker-task.js';

export class RankerWorkers extends TaskWorkers<RankerTask, RankerTaskDone> {
  constructor(count: number) {
    super(join(__dirname, 'ranker-worker'), count);
  }
}
