/** What goes wrong and does not end a command is told beside its output. */
export function warn(message: string): void {
  process.stderr.write(`${message}\n`);
}
