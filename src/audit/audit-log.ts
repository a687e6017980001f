/**
 * The audit log: one line of JSON for every operation and every refused request. Lines are gathered and written every 100 ms; writing never
 * holds a request up and never fails one. What a full, missing or slow disk does not take is lost, counted, and told in the log, once when it
 * begins and once when it is over.
 */
import { type Logger } from 'pino';
import { type OperationRecord } from '../telemetry/operation-record.js';
import { type AuditFiles } from './audit-files.js';

export interface AuditLogParts {
  readonly files: Pick<AuditFiles, 'append' | 'sweep'>;
  readonly pseudonymOf: (userId: string) => string;
  /** Wall clock, ms. */
  readonly clock: () => number;
  readonly logger: Logger;
  /** Characters that wait for the disk at most; what comes on top is lost. */
  readonly waitingMost?: number;
}

const WRITE_EVERY_MS = 100;
const SWEEP_EVERY_MS = 3_600_000;
/** Users named in one line; a batch of events may have a thousand. */
const USERS_NAMED = 100;

export class AuditLog {
  /** Operations whose lines were lost since the start. */
  lost = 0;
  private waiting: string[] = [];
  private waitingLength = 0;
  private writing: Promise<void> | null = null;
  private failing = false;
  private readonly timers: readonly NodeJS.Timeout[];

  constructor(private readonly parts: AuditLogParts) {
    this.timers = [
      setInterval(() => void this.flush(), WRITE_EVERY_MS).unref(),
      setInterval(() => void parts.files.sweep().catch((error: unknown) => this.warn(error)), SWEEP_EVERY_MS).unref(),
    ];
  }

  readonly record = (record: OperationRecord): void => {
    const { waitingMost = 8_000_000 } = this.parts;
    if (this.waitingLength >= waitingMost) {
      this.lost++;
      this.tellFailure(`more than ${waitingMost} characters wait for the disk`);
      return;
    }
    const line = this.lineOf(record);
    this.waiting.push(line);
    this.waitingLength += line.length;
  };

  /** Resolves when what was recorded before the call is written or lost. Never rejects. */
  async flush(): Promise<void> {
    if (this.writing !== null) await this.writing;
    if (this.waiting.length === 0) return;
    this.writing ??= this.write().finally(() => (this.writing = null));
    await this.writing;
  }

  async close(): Promise<void> {
    this.timers.forEach((timer) => clearInterval(timer));
    await this.flush();
    await this.flush();
  }

  private async write(): Promise<void> {
    const lines = this.waiting;
    this.waiting = [];
    this.waitingLength = 0;
    try {
      await this.parts.files.append(lines.join(''));
      if (this.failing) this.parts.logger.warn({ lost: this.lost }, 'the audit log is written again');
      this.failing = false;
    } catch (error) {
      this.lost += lines.length;
      this.tellFailure(String(error));
    }
  }

  private tellFailure(error: string): void {
    if (!this.failing) this.parts.logger.error({ error }, 'the audit log can’t be written');
    this.failing = true;
  }

  private lineOf({ requestId, caller, callerUser, name, type, users, ...record }: OperationRecord): string {
    const { phase, documentHash, outcome, codes, durationMs } = record;
    const named: string[] = [];
    for (const user of users) {
      if (named.length === USERS_NAMED) break;
      named.push(this.parts.pseudonymOf(user));
    }
    const time = new Date(this.parts.clock()).toISOString();
    const ms = Math.round(durationMs * 100) / 100;
    const speaksFor = callerUser === null ? null : this.parts.pseudonymOf(callerUser);
    const who = { time, requestId, caller, callerUser: speaksFor };
    const subscription = phase === null ? {} : { phase };
    const told = { operation: name, type, ...subscription, document: documentHash, outcome, codes, ms };
    return `${JSON.stringify({ ...who, ...told, users: named, userCount: users.size })}\n`;
  }

  private warn(error: unknown): void {
    this.parts.logger.warn({ error: String(error) }, 'old files of the audit log could not be deleted');
  }
}
