/** What all values of a subscription leave behind for logs and audit, however long it lasts: one error a code, and the users. */
import { type GraphQLFormattedError } from 'graphql';

export class StreamLife {
  private readonly byCode = new Map<unknown, GraphQLFormattedError>();
  private readonly touched = new Set<string>();

  /** @param mask what a client is told of an error */
  constructor(private readonly mask: (error: unknown) => GraphQLFormattedError) {}

  get errors(): readonly GraphQLFormattedError[] {
    return [...this.byCode.values()];
  }

  get users(): ReadonlySet<string> {
    return this.touched;
  }

  readonly told = (error: unknown): GraphQLFormattedError => {
    const masked = this.mask(error);
    this.byCode.set(masked.extensions?.['code'], masked);
    return masked;
  };

  touch(users: Iterable<string>): void {
    for (const user of users) this.touched.add(user);
  }
}
