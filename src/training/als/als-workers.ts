/** The threads of fits of implicit alternating least squares. */
import { join } from 'node:path';
import { TaskWorkers } from '../workers/task-workers.js';
import { type AlsTask, type AlsTaskDone } from './als-task.js';

export class AlsWorkers extends TaskWorkers<AlsTask, AlsTaskDone> {
  constructor(count: number) {
    super(join(__dirname, 'als-worker'), count);
  }
}
