/**
 * Files of interactions as one source of events for a replay: each in the order of its times, all together merged by
 * time, equal times in the order in which the files were named. Those of an archive are merged by their positions in its log,
 * so that what came late stands late. Positions of the source count the events that were kept, from 1.
 */
import { createHash } from 'node:crypto';
import { type EventSource } from '../events/event-source.js';
import { type InteractionEvent } from '../events/event.js';
import { type LogEntry, type Position } from '../events/log.js';
import { fingerprint } from './import/fingerprint.js';
import { type ImportFormat, mappingOf } from './import/formats.js';
import { mustBeReadable } from './import/must-be-readable.js';
import { BATCH_ROWS, readEvents } from './import/read-events.js';

export interface ClickFilesOptions {
  readonly files: readonly string[];
  readonly format: ImportFormat;
  /** Wall clock in milliseconds: later times are refused. */
  readonly now: number;
}

/** @throws ImportError where a file can't be read as the format */
export async function clickFiles({ files, format, now }: ClickFilesOptions): Promise<EventSource> {
  const mapping = mappingOf(format, 'interactions', {});
  for (const file of files) await mustBeReadable(file);
  const marks = await Promise.all(files.map((file) => fingerprint(file, { kind: 'interactions', format, mapping })));
  const content = createHash('sha256').update(marks.join('\n')).digest('hex');
  return {
    fingerprint: content,
    // An archive is read in the order of the log that it is of.
    inTimeOrder: format !== 'archive',
    markOf: () => Promise.resolve(content),
    async *read(after) {
      let position = 0;
      let batch: LogEntry[] = [];
      const streams = await Promise.all(files.map((file) => Stream.open(file, format, now)));
      try {
        for (let stream = earliest(streams); stream !== null; stream = earliest(streams)) {
          if (++position > after) batch.push({ position, event: stream.head! });
          if (stream.shift()) continue;
          // A file's batch is read to its end: a good moment to hand over what there is.
          if (batch.length > 0) yield batch;
          batch = [];
          await stream.refill();
        }
      } finally {
        await Promise.all(streams.map((stream) => stream.close()));
      }
    },
  };
}

/** One file, a batch at a time. */
class Stream {
  private events: readonly InteractionEvent[] = [];
  /** Of an archive; else empty. */
  private positions: readonly Position[] = [];
  private at = 0;

  private constructor(private readonly batches: ReturnType<typeof readEvents<'interactions'>>) {}

  static async open(file: string, format: ImportFormat, now: number): Promise<Stream> {
    const options = { file, format, kind: 'interactions', now, batchSize: BATCH_ROWS, positions: true } as const;
    const stream = new Stream(readEvents(options));
    await stream.refill();
    return stream;
  }

  /** The next event; undefined at the end of the file. */
  get head(): InteractionEvent | undefined {
    return this.events[this.at];
  }

  /** What the next event goes by among those of all files. */
  get place(): number {
    return this.positions[this.at] ?? this.events[this.at]!.at;
  }

  /** Goes on to the next event; false where a new batch must be read first. */
  shift(): boolean {
    return ++this.at < this.events.length;
  }

  async refill(): Promise<void> {
    for (;;) {
      const next = await this.batches.next();
      this.at = 0;
      this.events = next.done === true ? [] : (next.value.events as readonly InteractionEvent[]);
      this.positions = next.done === true ? [] : next.value.positionOf;
      if (next.done === true || this.events.length > 0) return;
    }
  }

  async close(): Promise<void> {
    await this.batches.return();
  }
}

function earliest(streams: readonly Stream[]): Stream | null {
  let first: Stream | null = null;
  for (const stream of streams) {
    if (stream.head !== undefined && (first === null || stream.place < first.place)) first = stream;
  }
  return first;
}
