/** What a subscription has beside the context of an operation: its reader, its pace, its end. */
import { type ExecutionArgs } from 'graphql';
import { type RequestContext } from '../context.js';
import { type Course } from '../telemetry/operation-record.js';

export interface Pace {
  /** Least time between two values, ms. */
  readonly gapMs: number;
  /** How often to look for what no event of its own announces, ms. */
  readonly refreshMs: number;
}

export interface OperationStream {
  readonly pace: Pace;
  /** Aborted when the reader has left, or the server ends. */
  readonly signal: AbortSignal;
  /**
   * The context of the next value: the caller is told anew, and time, snapshot and loaders are of now,
   * and the time for its making begins. @throws ApiError
   */
  readonly renew: () => Promise<RequestContext>;
  /** Resolves when the reader has taken what was sent before, so that what is made next is the newest. */
  readonly ready: () => Promise<void>;
  /** What is to be subscribed to, once the operation has passed every check; null before. */
  accepted: Pick<ExecutionArgs, 'schema' | 'document' | 'operationName' | 'variableValues'> | null;
  /** Tells how an accepted operation goes on: that it is open or refused, and that it has ended; null where nobody wants to know. */
  record: ((course: Course) => void) | null;
}
