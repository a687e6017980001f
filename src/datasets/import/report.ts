/** The lines that a person reads after an import: how many rows were read, kept and dropped, and why. */
import { type ImportReport } from './import-file.js';
import { type RejectionCode } from './rejection.js';

const SHOWN_ROWS = 10;

export function reportLines(report: ImportReport): string[] {
  const { file, read, kept, dropped, duplicates, seconds } = report;
  if (report.alreadyImported) return [`${file}: imported before, nothing added (${counted(report.total)})`];
  const counts = [`${counted(read)} read`, `${grouped(kept)} kept`, `${grouped(dropped)} dropped`];
  if (duplicates > 0) counts.push(`${grouped(duplicates)} in the log already`);
  const lines = [`${file}: ${counts.join(', ')} (${seconds.toFixed(1)} s)`];
  if (report.resumedAt > 0) lines.push(`  went on after ${counted(report.resumedAt)} of an interrupted import`);
  for (const [code, count] of Object.entries(report.reasons) as [RejectionCode, number][]) {
    const rows = report.firstRows[code]!;
    const first = rows.map(grouped).join(', ');
    lines.push(`  dropped ${code}: ${counted(count)}, ${rows.length < count ? 'first ' : ''}at ${first}`);
  }
  for (const { row, message } of report.rejected.slice(0, SHOWN_ROWS)) lines.push(`  row ${grouped(row)}: ${message}`);
  if (dropped > SHOWN_ROWS) lines.push(`  and ${grouped(dropped - SHOWN_ROWS)} more`);
  return lines;
}

const grouped = (count: number): string => count.toLocaleString('en-US');

const counted = (count: number): string => `${grouped(count)} ${count === 1 ? 'row' : 'rows'}`;
