/** MB of a process in memory, and of these what is its own: the rest are pages of files, which the system takes back as it likes. */
import { readFileSync } from 'node:fs';

export function memoryOf(pid: number): { readonly whole: number; readonly own: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)![1]) / 1_024;
  return { whole: megabytes('VmRSS'), own: megabytes('RssAnon') };
}

/** The most that it had in memory so far, MB. */
export function peakOf(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1_024;
}
