/**
 * A snapshot of 400 MB in four files: published to and read from a real Azurite, and a folder. Seconds, MB a second, and how
 * much memory was resident at most, each reading in a process of its own.
 * `node --require ./test/support/register-swc.cjs test/bench/blob.bench.ts`
 */
import { spawnSync } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AzureBlobSnapshotStore } from '../../src/artifacts/azure-blob-snapshot-store.js';
import { FilesSnapshotStore } from '../../src/artifacts/files-snapshot-store.js';
import { type SnapshotStore } from '../../src/artifacts/snapshot-store.js';
import { startAzurite } from '../support/azurite.js';
import { connectTo } from '../support/blobs.js';
import { draft } from '../support/snapshots.js';

const FILES = 4;
const FILE_BYTES = 100e6;
const CONTAINER = 'bench';
const ROUNDS = 3;

/** `files FOLDER`, or `blob PORT`. */
function storeOf(kind: string, place: string): SnapshotStore {
  return kind === 'files'
    ? new FilesSnapshotStore(place)
    : new AzureBlobSnapshotStore(connectTo(Number(place), CONTAINER));
}

async function run(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'blob-bench-'));
  const azurite = await startAzurite();
  try {
    for (const [kind, place] of [
      ['files', folder],
      ['blob', `${azurite.port}`],
    ] as const) {
      const files = new Map(
        Array.from({ length: FILES }, (_, n) => [`part-${n}.bin`, randomFillSync(Buffer.alloc(FILE_BYTES))]),
      );
      const from = performance.now();
      const { id } = await storeOf(kind, place).publish(draft(0, { files }));
      tell(`${kind}: published`, performance.now() - from);
      for (let round = 0; round < ROUNDS; round++) {
        const parameters = ['--require', join(__dirname, '../support/register-swc.cjs'), __filename, kind, place, id];
        spawnSync(process.execPath, parameters, { stdio: 'inherit' });
      }
    }
  } finally {
    await azurite.stop();
    await rm(folder, { recursive: true });
  }
}

async function read(kind: string, place: string, id: string): Promise<void> {
  const store = storeOf(kind, place);
  const idle = process.memoryUsage().rss;
  const cpu = process.cpuUsage();
  const from = performance.now();
  const { files } = await store.read(id);
  const ms = performance.now() - from;
  const { user, system } = process.cpuUsage(cpu);
  const peak = process.resourceUsage().maxRSS * 1_024;
  const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
  const work = `${((user + system) / 1e6).toFixed(2)} s of it work of this process`;
  tell(
    `${kind}: read ${files.size} files`,
    ms,
    `, ${work}, resident ${megabytes(idle)} before, ${megabytes(peak)} at most`,
  );
}

function tell(what: string, ms: number, more = ''): void {
  const rate = (FILES * FILE_BYTES) / 1_000 / ms;
  console.log(`${what} in ${(ms / 1_000).toFixed(2)} s, ${Math.round(rate)} MB/s${more}`);
}

const [, , kind, place, id] = process.argv;
void (kind === undefined ? run() : read(kind, place!, id!));
