/**
 * Stands between the exporter and Application Insights: bounds the time of each request, counts what was not taken, and says so in
 * the log, once when it begins and once when it is over.
 */
import { type Logger } from 'pino';

/** A request of the Azure SDK's pipeline, as far as it is looked at. */
interface Request {
  readonly body?: unknown;
  abortSignal?: unknown;
}
interface Response {
  readonly status: number;
  readonly bodyAsText?: string | null;
}
export type Send<Sent extends Request, Answer extends Response> = (request: Sent) => Promise<Answer>;

/** For one batch, its second attempt included, ms. */
const TIMEOUT_MS = 10_000;

export class CollectorWatch {
  /** Items that were sent and not taken since the start. */
  lost = 0;
  private under = 0;
  private failing = false;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly logger: Logger) {}

  /** Resolves when nothing is on its way. */
  async idle(): Promise<void> {
    while (this.under > 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** As a policy of the pipeline. */
  async send<Sent extends Request, Answer extends Response>(request: Sent, next: Send<Sent, Answer>): Promise<Answer> {
    this.under++;
    request.abortSignal = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const response = await next(request);
      this.note(lostOf(request, response), `answered ${response.status}`);
      return response;
    } catch (error) {
      this.note(itemsOf(request), String(error));
      throw error;
    } finally {
      this.under--;
      if (this.under === 0) for (const resolve of this.waiting.splice(0)) resolve();
    }
  }

  private note(lost: number, reason: string): void {
    this.lost += lost;
    if (lost > 0 && !this.failing) this.logger.warn({ reason }, 'Application Insights does not take the telemetry');
    if (lost === 0 && this.failing) {
      this.logger.warn({ lost: this.lost }, 'Application Insights takes the telemetry again');
    }
    this.failing = lost > 0;
  }
}

/** Items of the batch; read off it only where something went wrong. */
function itemsOf({ body }: Request): number {
  const items: unknown = parsed(body);
  return Array.isArray(items) ? items.length : 1;
}

function lostOf(request: Request, { status, bodyAsText }: Response): number {
  if (status === 200) return 0;
  const said = parsed(bodyAsText) as { readonly itemsAccepted?: unknown } | null | undefined;
  const accepted = typeof said?.itemsAccepted === 'number' ? said.itemsAccepted : 0;
  return Math.max(0, itemsOf(request) - accepted);
}

function parsed(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
