/**
 * Every setting in one place: the variable that sets it, its default, its unit, what is allowed, what it is for. Read once,
 * checked at once; a wrong value stops the start and says which setting, which value and what is allowed.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILT_IN_SCENARIOS, type Scenario } from './engine/scenario.js';
import { parseScenarios } from './engine/scenario-file.js';
import { FEDERATION_SETTINGS } from './settings/federation.js';
import { AUDIT_KEY_LENGTH, AUDIT_SETTINGS, type AuditSettings } from './settings/audit.js';
import { IDENTITY_SETTINGS } from './settings/identity.js';
import { TIMEOUT_SETTINGS } from './settings/timeout.js';
import { LIMIT_SETTINGS } from './settings/limits.js';
import { PERSISTED_SETTINGS } from './settings/persisted.js';
import { SUBSCRIPTION_SETTINGS } from './settings/subscriptions.js';
import { CORE_SETTINGS } from './settings/core.js';
import { type Setting } from './settings/setting.js';
import { KEY_FILE } from './identity/key-file.js';
import { type TokenSettings } from './identity/tokens.js';
import { insightsProblem, metricsPortProblem, OPERATIONS_SETTINGS } from './settings/operations.js';
import { REMOTE_SETTINGS } from './settings/remote.js';
import { WEB_SETTINGS } from './settings/web.js';
import { DEFAULT_STATE_SETTINGS, type StateSettings, stateSettingsProblem } from './state/state-settings.js';

type Values<Rows> = {
  readonly [Name in keyof Rows]: Rows[Name] extends { readonly otherwise: infer Value } ? Value : never;
};
type Flat = Values<typeof LIMIT_SETTINGS> &
  Values<typeof TIMEOUT_SETTINGS> &
  Values<typeof SUBSCRIPTION_SETTINGS> &
  Values<typeof PERSISTED_SETTINGS> &
  Values<typeof OPERATIONS_SETTINGS> &
  Values<typeof FEDERATION_SETTINGS> &
  Values<typeof REMOTE_SETTINGS> &
  Pick<Values<typeof IDENTITY_SETTINGS>, 'production' | 'auth'> &
  Omit<
    Values<typeof CORE_SETTINGS>,
    'ide' | 'introspection' | 'snapshotsFolder' | 'scopes' | 'users' | 'history' | 'readers' | 'coClicks' | 'scenarios'
  >;

/** The values of the rows, and what several rows make together. */
export interface Config extends Flat {
  readonly snapshotsFolder: string;
  readonly keysFile: string;
  readonly ide: 'graphiql' | 'sandbox' | 'off';
  /** Who may ask for the schema: everybody who may ask anything, debug and admin, or nobody. */
  readonly introspection: 'on' | 'roles' | 'off';
  /** Null where no issuer of tokens is configured. */
  readonly tokens: TokenSettings | null;
  readonly scenarios: readonly Scenario[];
  readonly state: StateSettings;
  readonly suggestions: boolean;
  readonly corsOrigins: readonly string[];
  readonly tls: TlsFiles | null;
  /** Null: there is no audit log. */
  readonly audit: AuditSettings | null;
}

/** Paths of a certificate chain and its key, PEM. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

/** A setting that can't be used. The message names it, its value and what is allowed. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const { bounds } = DEFAULT_STATE_SETTINGS;

/** One row a setting. */
export const SETTINGS = {
  ...CORE_SETTINGS,
  ...IDENTITY_SETTINGS,
  ...LIMIT_SETTINGS,
  ...TIMEOUT_SETTINGS,
  ...FEDERATION_SETTINGS,
  ...WEB_SETTINGS,
  ...AUDIT_SETTINGS,
  ...OPERATIONS_SETTINGS,
  ...PERSISTED_SETTINGS,
  ...SUBSCRIPTION_SETTINGS,
  ...REMOTE_SETTINGS,
} satisfies Record<string, Setting<unknown>>;

/** What the command line may say: settings by their options. They pass the same checks as the environment's. */
export const OPTIONS = {
  port: '--port',
  host: '--host',
  dataFolder: '--data',
  snapshotsFolder: '--snapshots',
  processes: '--processes',
} as const;

/**
 * The configuration out of the environment and what the command line says, which wins.
 * @throws ConfigError
 */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
  given: { readonly [name in keyof typeof OPTIONS]?: string | undefined } = {},
): Config {
  const read = <Value>(name: string, { variable, otherwise, allowed, isSecret, parse }: Setting<Value>): Value => {
    const option = name as keyof typeof OPTIONS;
    const text = given[option] ?? environment[variable];
    if (text === undefined) return otherwise;
    const value = parse(text);
    const source = given[option] === undefined ? variable : OPTIONS[option];
    if (value === undefined) {
      throw new ConfigError(`${source}${isSecret === true ? '' : `="${text}"`}: allowed is ${allowed}`);
    }
    return value;
  };
  const values = Object.fromEntries(
    Object.entries(SETTINGS).map(([name, setting]) => [name, read<unknown>(name, setting)]),
  ) as {
    [Name in keyof typeof SETTINGS]: (typeof SETTINGS)[Name]['otherwise'];
  };
  const { snapshotsFolder, scopes, users, history, readers, coClicks, scenarios, ...others } = values;
  const { auditLog, auditKey, auditRotateBytes, auditKeepDays, auditKeepFiles, ...rest } = others;
  const { ide, introspection, keysFile, jwks, issuer, audience, rolesClaim, suggestions, tlsCert, tlsKey, ...flat } =
    rest;
  const kept = { rotateBytes: auditRotateBytes, keepDays: auditKeepDays, keepFiles: auditKeepFiles };
  const state: StateSettings = {
    ...DEFAULT_STATE_SETTINGS,
    scopes,
    bounds: { ...bounds, users, history, readers, coClicks },
  };
  const problem = stateSettingsProblem(state);
  if (problem !== null) throw new ConfigError(`${SETTINGS.scopes.variable}: ${problem}`);
  const operationsProblem = metricsPortProblem(flat) ?? insightsProblem(flat.insights);
  if (operationsProblem !== null) throw new ConfigError(operationsProblem);
  if (flat.persisted === 'only' && flat.persistedManifest === null) {
    throw new ConfigError('PERSISTED="only": PERSISTED_MANIFEST must name the trusted documents');
  }
  return {
    ...flat,
    ide: ide ?? (flat.production ? 'off' : 'graphiql'),
    introspection: introspection ?? (flat.production ? 'roles' : 'on'),
    tokens: tokenSettings({ jwks, issuer, audience, rolesClaim }),
    snapshotsFolder: snapshotsFolder ?? join(flat.dataFolder, 'snapshots'),
    keysFile: keysFile ?? join(flat.dataFolder, KEY_FILE),
    scenarios: readScenarios(scenarios),
    state,
    suggestions: suggestions ?? !flat.production,
    tls: tlsFiles(tlsCert, tlsKey),
    audit:
      auditLog === 'off' || (auditLog === null && !flat.production)
        ? null
        : { ...kept, folder: auditFolder(auditLog, flat.dataFolder), key: checkedAuditKey(auditKey) },
  };
}

function tokenSettings({
  jwks,
  issuer,
  audience,
  rolesClaim,
}: {
  readonly [name in keyof TokenSettings]: string | null;
}): TokenSettings | null {
  if (jwks === null) return null;
  if (issuer !== null && audience !== null) return { jwks, issuer, audience, rolesClaim };
  throw new ConfigError(`JWT_JWKS="${jwks}": JWT_ISSUER and JWT_AUDIENCE must be set too`);
}

const auditFolder = (given: string | null, dataFolder: string): string =>
  given === null || given === 'on' ? join(dataFolder, 'audit') : given;

/** The key is a secret: no message shows it. */
function checkedAuditKey(key: string | null): string | null {
  if (key === null || key.length >= AUDIT_KEY_LENGTH) return key;
  throw new ConfigError(`AUDIT_KEY: allowed is ${AUDIT_SETTINGS.auditKey.allowed}`);
}

function tlsFiles(cert: string | null, key: string | null): TlsFiles | null {
  if (cert !== null && key !== null) return { cert, key };
  if (cert === null && key === null) return null;
  throw new ConfigError('TLS_CERT, TLS_KEY: both are needed, or none');
}

function readScenarios(file: string | null): readonly Scenario[] {
  if (file === null) return BUILT_IN_SCENARIOS;
  try {
    return parseScenarios(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new ConfigError(`${SETTINGS.scenarios.variable}="${file}": ${(error as Error).message}`);
  }
}
