import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { networkFileSystem, NetworkShareError, refuseNetworkShare } from '../../src/events/network-share.js';

const EXT4 = 0xef53;
const NFS = 0x6969;

describe('refuseNetworkShare', () => {
  it('lets a local disk pass', () => {
    expect(() => refuseNetworkShare(tmpdir())).not.toThrow();
    expect(() => refuseNetworkShare('/data', () => EXT4)).not.toThrow();
  });

  it('names the folder and the file system that it refuses', () => {
    const refusal = expect.objectContaining({ code: 'NETWORK_SHARE', path: '/data', fileSystem: 'NFS' });
    expect(() => refuseNetworkShare('/data', () => NFS)).toThrow(refusal);
    expect(new NetworkShareError('/data', 'NFS').message).toBe(
      '/data is on a network share (NFS): the log needs a disk of this machine',
    );
  });

  it('looks at the nearest parent that exists where the folder does not', () => {
    const asked: string[] = [];
    const folder = join(tmpdir(), 'not', 'there', 'yet');
    const refused = () => refuseNetworkShare(folder, (path) => (asked.push(path), NFS));
    expect(refused).toThrow(expect.objectContaining({ path: folder }));
    expect(asked).toEqual([tmpdir()]);
  });
});

describe('networkFileSystem', () => {
  it.each([
    [0x6969, 'NFS'],
    [0x517b, 'SMB'],
    [0xff534d42, 'CIFS'],
    [0xfe534d42, 'SMB2'],
    [0x5346414f, 'AFS'],
    [0x00c36400, 'Ceph'],
    [0x0bd00bd0, 'Lustre'],
    [0x47504653, 'GPFS'],
    [0x01021997, '9p'],
    [0x01161970, 'GFS2'],
    [0x7461636f, 'OCFS2'],
  ])('knows %i as %s', (magic, name) => expect(networkFileSystem(magic)).toBe(name));

  it('knows a number that the kernel gave with a sign', () => {
    expect(networkFileSystem(0xff534d42 | 0)).toBe('CIFS');
  });

  it.each([
    ['ext4', EXT4],
    ['xfs', 0x58465342],
    ['btrfs', 0x9123683e],
    ['tmpfs', 0x01021994],
    ['overlayfs', 0x794c7630],
    ['zfs', 0x2fc12fc1],
    ['FUSE', 0x65735546],
  ])('takes %s for local', (_, magic) => expect(networkFileSystem(magic)).toBeUndefined());
});
