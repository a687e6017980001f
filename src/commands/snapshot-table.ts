/** Snapshots in words. Times are UTC. */
import { type Manifest } from '../artifacts/manifest.js';
import { type StoredSnapshot } from '../artifacts/snapshot-store.js';

const HEADER = ['id', 'is', 'data until', 'gate', 'MB', 'metrics'];

/** A table with one line a snapshot; `earlier` ones are what a rollback goes to, the newest first. */
export function describeSnapshots(snapshots: readonly StoredSnapshot[]): readonly string[] {
  if (snapshots.length === 0) return ['no snapshots'];
  const rows = [HEADER, ...snapshots.map(rowOf)];
  const widths = HEADER.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}

function rowOf({ id, latest, pinned, earlier, manifest, problem }: StoredSnapshot): string[] {
  const is = [latest && 'LATEST', pinned && 'pinned', earlier && 'earlier'].filter(Boolean).join(', ');
  if (manifest === null) return [id, is, '', '', '', `${problem!.code}: ${problem!.message}`];
  const { dataUntil, gate, metrics } = manifest;
  const accepted = gate.accepted ? 'accepted' : 'refused';
  return [id, is, timeText(dataUntil), accepted, megabytes(manifest), metricsText(metrics)];
}

/** One line a field; `note` goes to the id's. */
export function describeManifest(manifest: Manifest, note = ''): readonly string[] {
  const { id, createdAt, dataFrom, dataUntil, gate, metrics, parameters, files } = manifest;
  return [
    `snapshot ${id}: every checksum matches${note}`,
    `created ${timeText(createdAt)}`,
    `data from ${timeText(dataFrom)} until ${timeText(dataUntil)}`,
    `gate ${gate.accepted ? 'accepted' : 'refused'}: ${gate.reason}`,
    `metrics ${metricsText(metrics)}`,
    `parameters ${JSON.stringify(parameters)}`,
    ...files.map(({ name, bytes, sha256 }) => `file ${name}: ${bytes} bytes, SHA-256 ${sha256}`),
  ];
}

const timeText = (time: number): string => new Date(time).toISOString();

const megabytes = ({ files }: Manifest): string => (files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6).toFixed(1);

function metricsText(metrics: Manifest['metrics']): string {
  return Object.entries(metrics)
    .map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`)
    .join(', ');
}
