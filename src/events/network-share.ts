/**
 * Refuses folders on network file systems: lmdb shares a memory map and a lock file between processes, and both are
 * only coherent within one machine. Linux alone says what a file system is; elsewhere nothing is refused.
 * FUSE is let through: its number says nothing about what stands behind it, and container runtimes put local disks on it.
 */
import { existsSync, statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * `f_type` of statfs(2). From linux/magic.h, save the last six: those are the file systems' own headers, as listed in
 * `src/stat.c` of GNU coreutils and in statfs(2).
 */
const NETWORK_FILE_SYSTEMS = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x5346414f, 'AFS'],
  [0x6b414653, 'kAFS'],
  [0x73757245, 'Coda'],
  [0x564c, 'NCP'],
  [0x01021997, '9p'],
  [0x00c36400, 'Ceph'],
  [0x7461636f, 'OCFS2'],
  [0x786f4256, 'VirtualBox shared folder'],
  [0x0bd00bd0, 'Lustre'],
  [0x47504653, 'GPFS'],
  [0x01161970, 'GFS2'],
  [0x20030528, 'OrangeFS'],
  [0x19830326, 'BeeGFS'],
  [0xaad7aaea, 'PanFS'],
]);

export class NetworkShareError extends Error {
  override readonly name = 'NetworkShareError';
  readonly code = 'NETWORK_SHARE';
  constructor(
    readonly path: string,
    readonly fileSystem: string,
  ) {
    super(`${path} is on a network share (${fileSystem}): the log needs a disk of this machine`);
  }
}

/** Throws `NetworkShareError` where the folder, or its nearest parent that exists, is on a network file system. */
export function refuseNetworkShare(folder: string, magicOf: (path: string) => number = statfsMagic): void {
  const path = nearestExisting(resolve(folder));
  const fileSystem = networkFileSystem(magicOf(path));
  if (fileSystem !== undefined) throw new NetworkShareError(resolve(folder), fileSystem);
}

/** Name of the network file system with this magic number; undefined for any other. */
export function networkFileSystem(magic: number): string | undefined {
  return NETWORK_FILE_SYSTEMS.get(magic >>> 0); // 32 bits without a sign: kernels differ in how they widen it
}

function statfsMagic(path: string): number {
  return process.platform === 'linux' ? statfsSync(path).type : 0;
}

function nearestExisting(path: string): string {
  const parent = dirname(path);
  return existsSync(path) || parent === path ? path : nearestExisting(parent);
}
