/** Settings of who may ask: keys and tokens. */
import { oneOf, type Setting } from './setting.js';

const text = (allowed: string) => ({
  allowed,
  parse: (given: string): string | null | undefined => (given.trim() === '' ? undefined : given),
});

export const IDENTITY_SETTINGS = {
  production: {
    variable: 'NODE_ENV',
    otherwise: false,
    allowed: 'any word; production is the strict setting',
    parse: (given: string) => given === 'production',
    purpose:
      'production: keys are required, no page at /, the schema only for debug and admin, no suggestions in errors',
  },
  auth: {
    variable: 'AUTH',
    otherwise: 'auto' as 'auto' | 'required' | 'off',
    ...oneOf<'auto' | 'required' | 'off'>('auto', 'required', 'off'),
    purpose:
      'auto: requests need a key or token once there are any, in production, and where HOST is not loopback; off: whoever reaches the server may do everything',
  },
  keysFile: {
    variable: 'KEYS_FILE',
    otherwise: null as string | null,
    ...text('path of a JSON file'),
    purpose: 'API keys, such as a mounted secret; without it, `keys.json` within the data folder',
  },
  jwks: {
    variable: 'JWT_JWKS',
    otherwise: null as string | null,
    ...text('path or http(s) address of a JSON Web Key Set'),
    purpose: 'keys that tokens are signed with',
  },
  issuer: {
    variable: 'JWT_ISSUER',
    otherwise: null as string | null,
    ...text('text'),
    purpose: 'the `iss` of tokens; needed with JWT_JWKS',
  },
  audience: {
    variable: 'JWT_AUDIENCE',
    otherwise: null as string | null,
    ...text('text'),
    purpose: 'the `aud` of tokens; needed with JWT_JWKS',
  },
  rolesClaim: {
    variable: 'JWT_ROLES_CLAIM',
    otherwise: null as string | null,
    ...text('name of a claim: a list, or words with blanks between'),
    purpose: 'the claim that lists roles; without it every token has the role client',
  },
} satisfies Record<string, Setting<unknown>>;
