/**
 * TLS from a certificate chain and a key on disk, version 1.2 or later. The files are looked at every second; renewed ones are
 * used for the connections that come after, without a restart. Ones that can't be used are told of, and the last good ones stay.
 */
import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { type Server as HttpServer } from 'node:http';
import { type Server as TlsServer } from 'node:https';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { type Logger } from 'pino';
import { ConfigError, type TlsFiles } from '../config.js';

const LOOK_EVERY_MS = 1_000;

/** @throws ConfigError where the files are no certificate and its key */
export function readTls({ cert, key }: TlsFiles): SecureContextOptions {
  try {
    const options: SecureContextOptions = {
      cert: readFileSync(cert),
      key: readFileSync(key),
      minVersion: 'TLSv1.2',
    };
    createSecureContext(options);
    return options;
  } catch (error) {
    throw new ConfigError(`TLS_CERT="${cert}", TLS_KEY="${key}": ${(error as Error).message}`);
  }
}

/** From now on takes renewed files up; the function it gives ends that. */
export function followTls(server: HttpServer, files: TlsFiles, logger: Logger): () => void {
  const reload = (): void => {
    try {
      (server as TlsServer).setSecureContext(readTls(files));
      logger.info({ certificate: files.cert }, 'a renewed certificate is in use');
    } catch (error) {
      logger.error({ error: (error as Error).message }, 'the renewed certificate can’t be used; the last one stays');
    }
  };
  const paths = [files.cert, files.key];
  for (const path of paths) watchFile(path, { interval: LOOK_EVERY_MS, persistent: false }, reload);
  return () => paths.forEach((path) => unwatchFile(path, reload));
}
