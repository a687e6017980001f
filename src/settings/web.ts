/** Settings of what stands between a browser and the gateway. */
import { accessSync, constants } from 'node:fs';
import { onOff, type Setting } from './setting.js';

const ORIGIN = /^https?:\/\/[^\s/?#@,]+$/;

export const WEB_SETTINGS = {
  suggestions: {
    variable: 'SUGGESTIONS',
    otherwise: null as boolean | null,
    ...onOff,
    purpose: 'whether errors say which name was probably meant; on unless in production',
  },
  corsOrigins: {
    variable: 'CORS_ORIGINS',
    otherwise: [] as readonly string[],
    allowed: 'origins separated by commas, such as https://shop.example,http://localhost:3000',
    parse: originList,
    purpose: 'pages of which origins may ask from a browser',
  },
  tlsCert: {
    variable: 'TLS_CERT',
    otherwise: null as string | null,
    ...readableFile(),
    purpose: 'certificate chain, PEM; with TLS_KEY the server speaks TLS',
  },
  tlsKey: {
    variable: 'TLS_KEY',
    otherwise: null as string | null,
    ...readableFile(),
    purpose: 'private key of TLS_CERT, PEM',
  },
} satisfies Record<string, Setting<unknown>>;

/** Exact origins, as browsers send them: no path, no wildcard, the port only where it is not the scheme's. */
function originList(text: string): readonly string[] | undefined {
  const origins = text.split(',').map((origin) => origin.trim());
  return origins.every((origin) => ORIGIN.test(origin) && new URL(origin).origin === origin) ? origins : undefined;
}

function readableFile() {
  return {
    allowed: 'path of a file that can be read',
    parse(text: string) {
      try {
        accessSync(text, constants.R_OK);
        return text as string | null;
      } catch {
        return undefined;
      }
    },
  };
}
