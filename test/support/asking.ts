/** Asks a server with credentials, and waits until it answers otherwise. */
import { send, type ServerProcess } from './server.js';

export const VIEWER = JSON.stringify({ query: '{ viewer { id } }' });

export async function asked(
  { url }: ServerProcess,
  headers: Record<string, string>,
  body = VIEWER,
): Promise<{ status: number; code: string | undefined; data: unknown }> {
  const { status, data, errors } = await send(`${url}/graphql`, body, headers);
  return { status, code: errors?.[0]?.extensions.code, data };
}

/** Asks until the answer has this status: a server looks at its keys every half second. */
export async function until(status: number, ask: () => Promise<{ status: number }>): Promise<void> {
  while ((await ask()).status !== status) await new Promise((resolve) => setTimeout(resolve, 50));
}
