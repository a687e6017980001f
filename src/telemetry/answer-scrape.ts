/** Answers one request for the metrics. Whatever is wrong with them is told and answered with 500: it must not end the process. */
import { type ServerResponse } from 'node:http';
import { type Logger } from 'pino';

/** @param textOf the metrics in Prometheus' format */
export async function answerScrape(
  response: ServerResponse,
  textOf: () => Promise<string>,
  logger: Logger,
): Promise<void> {
  try {
    const text = await textOf();
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
  } catch (error) {
    logger.error({ error: String(error) }, 'the metrics could not be written');
    response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' }).end('the metrics could not be written\n');
  }
}
