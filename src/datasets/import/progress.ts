/**
 * Shows how far an import is: a bar on a terminal; elsewhere (a log file, a pipe) a plain line at the end, and on the
 * way whenever 5 seconds or a tenth of the file have passed.
 */
import { SingleBar } from 'cli-progress';
import { type ImportProgress } from './import-file.js';

export interface ProgressView {
  update(progress: ImportProgress): void;
  /** Leaves the terminal as it was, whether the import succeeded or not; a second call does nothing. */
  stop(): void;
}

export interface ProgressOptions {
  readonly stream: NodeJS.WritableStream & { readonly isTTY?: boolean };
  /** Stands before each line: the name of the file. */
  readonly label: string;
  /** Milliseconds of any clock that does not go back. */
  readonly clock?: () => number;
}

const LINE_EVERY_MS = 5000;
const LINE_EVERY_SHARE = 0.1;

export function progressView(options: ProgressOptions): ProgressView {
  return options.stream.isTTY === true ? barView(options) : lineView(options);
}

function barView({ stream, label }: ProgressOptions): ProgressView {
  const format = `${label} {bar} {percentage}% | {value}/{total} rows | {kept} kept, {rejected} dropped | {eta_formatted} left`;
  const bar = new SingleBar({
    stream: stream as NodeJS.WriteStream,
    format,

    clearOnComplete: true,
  });
  let started = false;
  return {
    update: ({ rows, total, kept, rejected }) => {
      if (!started) bar.start(total, 0, { kept: 0, rejected: 0 });
      started = true;
      bar.update(rows, { kept, rejected });
    },
    stop: () => {
      if (started) bar.stop();
      started = false;
    },
  };
}

function lineView({ stream, label, clock = () => performance.now() }: ProgressOptions): ProgressView {
  let shownAt = clock();
  let shownShare = 0;
  return {
    update: ({ rows, total, kept, rejected }) => {
      const share = total === 0 ? 1 : rows / total;
      const due = clock() - shownAt >= LINE_EVERY_MS || share - shownShare >= LINE_EVERY_SHARE;
      if (!due && rows < total) return;
      shownAt = clock();
      shownShare = share;
      stream.write(
        `${label}: ${Math.floor(share * 100)} % (${rows} of ${total} rows), ${kept} kept, ${rejected} dropped\n`,
      );
    },
    stop: () => undefined,
  };
}
