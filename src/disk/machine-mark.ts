/**
 * Which machine, or container, something belongs to: ids of processes mean nothing on another one. Part of names of files, so
 * a hash of the host's name.
 */
import { createHash } from 'node:crypto';
import { hostname } from 'node:os';

/** Eight hex digits. */
export const MACHINE_MARK = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
