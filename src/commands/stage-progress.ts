/** Progress of a long command: one line that is rewritten on a terminal, a plain line now and then elsewhere. */

export interface StageProgress {
  update(text: string): void;
  stop(): void;
}

const TERMINAL_EVERY_MS = 100;
const PLAIN_EVERY_MS = 10_000;
const CLEAR_LINE = '\r\x1b[2K';

export function stageProgress(stream: NodeJS.WriteStream): StageProgress {
  const every = stream.isTTY ? TERMINAL_EVERY_MS : PLAIN_EVERY_MS;
  let lastAt = -Infinity;
  let shown = false;
  return {
    update(text) {
      const now = performance.now();
      if (now - lastAt < every) return;
      lastAt = now;
      stream.write(stream.isTTY ? `${CLEAR_LINE}${text}` : `${text}\n`);
      shown = true;
    },
    stop() {
      if (shown && stream.isTTY) stream.write(CLEAR_LINE);
      shown = false;
    },
  };
}
