/** The service can't be used now. Whether what was asked of it was done is not known. */
export class RemoteUnavailableError extends Error {
  override readonly name = 'RemoteUnavailableError';
  readonly code = 'REMOTE_UNAVAILABLE';

  constructor(
    readonly service: string,
    cause: Error,
  ) {
    super(`${service} is unavailable: ${cause.message}`, { cause });
  }
}
