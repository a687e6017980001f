/**
 * Which process of this machine something belongs to, so that another one can tell whether it still runs: its id and,
 * since ids are given again, when it began (in ticks since the machine did; empty where the system doesn't say).
 */
import { readFileSync } from 'node:fs';

export interface ProcessMark {
  readonly pid: number;
  readonly began: string;
}

/** The mark of a process; of this one where no id is given. */
export function processMark(pid = process.pid): ProcessMark {
  return { pid, began: beganAt(pid) };
}

/** Whether the very process that made the mark runs now. */
export function isRunning({ pid, began }: ProcessMark): boolean {
  return isTaken(pid) && beganAt(pid) === began;
}

/** Whether some process of this machine has the id. */
export function isTaken(pid: number): boolean {
  try {
    process.kill(pid, 0); // signal 0 only asks
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Field 22 of /proc/PID/stat, counted behind the name of the program, which may hold spaces and brackets. */
function beganAt(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
