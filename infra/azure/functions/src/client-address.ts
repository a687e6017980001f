/**
 * The address of whoever sent a request to the Functions app. The platform's front end puts it last into `x-forwarded-for`, with
 * the port; what stands before it came with the request and may say anything.
 */
import { isIP } from 'node:net';

const WITH_PORT = /^(?:\[([^\]]+)\](?::\d+)?|([^:]+):\d+)$/;

/** Without the port; null: there is none to be read. */
export function clientAddress(forwardedFor: string | undefined): string | null {
  const last = forwardedFor?.split(',').at(-1)?.trim() ?? '';
  const [, bracketed, plain] = WITH_PORT.exec(last) ?? [];
  const address = bracketed ?? plain ?? last;
  return isIP(address) === 0 ? null : address;
}
