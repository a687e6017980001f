/**
 * Which pages may open a stream: browsers ask nobody before they open one to another origin, so the server has to look. Clients that
 * are no browsers name no origin.
 */
import { type IncomingHttpHeaders } from 'node:http';
import { ApiError } from '../../resolvers/errors.js';

/** @param allowed origins beside the server's own, such as https://shop.example @throws ApiError FOREIGN_ORIGIN */
export function demandOrigin({ origin, host }: IncomingHttpHeaders, allowed: readonly string[]): void {
  if (origin === undefined || allowed.includes(origin) || hostOf(origin) === host) return;
  throw new ApiError('FOREIGN_ORIGIN', 'pages of this origin may not subscribe');
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
