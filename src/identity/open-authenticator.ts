/** The authenticator that the settings ask for. */
import { type Logger } from 'pino';
import { type Config, ConfigError } from '../config.js';
import { Authenticator } from './authenticator.js';
import { KeyFile } from './key-file.js';
import { type TokenSettings, Tokens } from './tokens.js';

/** @throws ConfigError where nobody could ask the server, or the JWKS can't be read; KeyFileError */
export async function openAuthenticator(config: Config, logger: Logger): Promise<Authenticator> {
  const clock = (): number => Date.now();
  const { auth, production, host, keysFile } = config;
  const keys = new KeyFile(keysFile, clock, (message) => logger.warn(message));
  const tokens = config.tokens === null ? null : await openTokens(config.tokens, (message) => logger.warn(message));
  const authenticator = new Authenticator({ auth, production, host, keys, tokens, clock });
  if (authenticator.problem !== null) throw new ConfigError(authenticator.problem);
  return authenticator;
}

function openTokens(settings: TokenSettings, onProblem: (message: string) => void): Promise<Tokens> {
  return Tokens.open(settings, onProblem).catch((error: unknown) => {
    throw new ConfigError(`JWT_JWKS="${settings.jwks}": ${(error as Error).message}`);
  });
}
