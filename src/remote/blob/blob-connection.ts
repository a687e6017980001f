/**
 * The connection to one container of Azure Blob Storage, by a connection string or by the identity of the machine. The SDK is
 * loaded with the first call, for most installations need none. The SDK itself asks nothing twice: what may be asked again
 * without harm is, by `persist`; a conditional write never is, for its first attempt may have been carried out.
 */
import type { ContainerClient } from '@azure/storage-blob' with { 'resolution-mode': 'import' };
import { type CallListener, Guard } from '../guard.js';
import { persist } from '../persist.js';

export interface BlobConnectionOptions {
  /** A connection string, or the address of an account to which the machine's own identity has access. */
  readonly account: { readonly connectionString: string } | { readonly url: string };
  /** Name of the container; it is made with the first write, where there is none. */
  readonly container: string;
  /** For one call, ms. */
  readonly timeoutMs: number;
  /** Told when the service goes away and when it is back. */
  readonly onProblem?: (message: string) => void;
  readonly onCall?: CallListener;
}

/** A package that only this setting needs is not installed. */
export class MissingPackageError extends Error {
  override readonly name = 'MissingPackageError';
  readonly code = 'PACKAGE_MISSING';
}

const SERVICE = 'Azure Blob Storage';
/** Calls under way at once. */
const CONCURRENT = 64;
/** More than the ranges of one file that are read at once: they may all be cut by one event. */
const FAILURES = 20;
/** Reads are asked again for so long; a service that is away is to be noticed soon. */
const AGAIN_MS = 200;
const STORAGE_PACKAGE = '@azure/storage-blob@12.32.0';
const IDENTITY_PACKAGE = '@azure/identity@4.13.0';

export class BlobConnection {
  private readonly guard: Guard;
  private client: Promise<ContainerClient> | null = null;

  constructor(private readonly options: BlobConnectionOptions) {
    this.guard = new Guard({
      service: SERVICE,
      timeoutMs: options.timeoutMs,
      concurrent: CONCURRENT,
      failures: FAILURES,
      isFault: isBlobFault,
      onCall: options.onCall,
      onChange: (available) =>
        options.onProblem?.(available ? `${SERVICE} answers again` : `${SERVICE} does not answer`),
    });
  }

  /** For one call, ms. */
  get timeoutMs(): number {
    return this.options.timeoutMs;
  }

  /** The container as messages name it. */
  get name(): string {
    return `the container ${this.options.container}`;
  }

  /** Loads the SDK. @throws MissingPackageError */
  async load(): Promise<void> {
    await this.container();
  }

  /**
   * Makes one call within the time; the SDK's methods are to be given the signal.
   * @throws RemoteUnavailableError, MissingPackageError; the SDK's RestError where the call was wrong
   */
  async call<T>(run: (container: ContainerClient, signal: AbortSignal) => Promise<T>): Promise<T> {
    const container = await this.container();
    return this.guard.call((signal) => run(container, signal));
  }

  /** The same for a call that reads: asked once more where a connection was cut, which those kept open for long are. */
  read<T>(run: (container: ContainerClient, signal: AbortSignal) => Promise<T>): Promise<T> {
    return persist(() => this.call(run), { forMs: AGAIN_MS });
  }

  /** The same for a call that writes: makes the container where there is none. */
  async write<T>(run: (container: ContainerClient, signal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await this.call(run);
    } catch (error) {
      if (codeOf(error) !== 'ContainerNotFound') throw error;
    }
    await this.call((container, abortSignal) => container.createIfNotExists({ abortSignal }));
    return this.call(run);
  }

  private container(): Promise<ContainerClient> {
    this.client ??= this.connect();
    return this.client;
  }

  private async connect(): Promise<ContainerClient> {
    const { account, container, timeoutMs } = this.options;
    const { BlobServiceClient } = await import('@azure/storage-blob').catch(missing(STORAGE_PACKAGE));
    const retryOptions = { maxTries: 1, tryTimeoutInMs: timeoutMs };
    if ('connectionString' in account) {
      const service = BlobServiceClient.fromConnectionString(account.connectionString, { retryOptions });
      return service.getContainerClient(container);
    }
    const { DefaultAzureCredential } = await import('@azure/identity').catch(missing(IDENTITY_PACKAGE));
    const service = new BlobServiceClient(account.url, new DefaultAzureCredential(), { retryOptions });
    return service.getContainerClient(container);
  }
}

/** The service's own name of what was wrong with a call, such as `BlobNotFound`; undefined where it said nothing. */
export function codeOf(error: unknown): string | undefined {
  const { code, details } = error as { code?: string; details?: { errorCode?: string } };
  return details?.errorCode ?? code;
}

/** HTTP status with which the service refused; undefined where it said nothing. */
export const statusOf = (error: unknown): number | undefined => (error as { statusCode?: number }).statusCode;

/** There is no such blob, or no container for it. */
export const isAbsent = (error: unknown): boolean => statusOf(error) === 404;

/** A condition of the call did not hold: another one was quicker. */
export const isConflict = (error: unknown): boolean => statusOf(error) === 412 || statusOf(error) === 409;

/** What has no status never came from the service: it could not be reached, or no token for it. */
function isBlobFault(error: Error): boolean {
  const status = statusOf(error);
  return status === undefined ? !(error instanceof TypeError) : status >= 500 || status === 408 || status === 429;
}

function missing(name: string): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    if (!/MODULE_NOT_FOUND$/.test(error.code ?? '')) throw error;
    throw new MissingPackageError(`${SERVICE} needs a package that is not installed: npm install ${name}`, {
      cause: error,
    });
  };
}
