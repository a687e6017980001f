/**
 * Every setting in one place: the variable that sets it, its default, its unit, what is allowed, what it is for. Read once,
 * checked at once; a wrong value stops the start and says which setting, which value and what is allowed.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILT_IN_SCENARIOS, type Scenario } from './engine/scenario.js';
import { parseScenarios } from './engine/scenario-file.js';
import { FEDERATION_SETTINGS } from './settings/federation.js';
import { AUDIT_SETTINGS, type AuditSettings } from './settings/audit.js';
import { IDENTITY_SETTINGS } from './settings/identity.js';
import { TIMEOUT_SETTINGS } from './settings/timeout.js';
import { LIMIT_SETTINGS } from './settings/limits.js';
import { PERSISTED_SETTINGS, type PersistedMode } from './settings/persisted.js';
import { SUBSCRIPTION_SETTINGS } from './settings/subscriptions.js';
import { address, folder, oneOf, onOff, scopeList, type Setting, wholeNumber } from './settings/setting.js';
import { type RateLimits } from './limits/rate-limits.js';
import { type TokenSettings } from './identity/tokens.js';
import { OPERATIONS_SETTINGS } from './settings/operations.js';
import { WEB_SETTINGS } from './settings/web.js';
import { DEFAULT_STATE_SETTINGS, type StateSettings, stateSettingsProblem } from './state/state-settings.js';

export interface Config {
  readonly port: number;
  readonly host: string;
  readonly dataFolder: string;
  readonly snapshotsFolder: string;
  readonly ide: 'graphiql' | 'sandbox' | 'off';
  /** Who may ask for the schema: everybody who may ask anything, debug and admin, or nobody. */
  readonly introspection: 'on' | 'roles' | 'off';
  readonly production: boolean;
  readonly auth: 'auto' | 'required' | 'off';
  /** Null where no issuer of tokens is configured. */
  readonly tokens: TokenSettings | null;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent';
  readonly bodyLimitBytes: number;
  readonly operationTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly budgetMs: number;
  readonly slateTtlMs: number;
  readonly slateCapacity: number;
  readonly duplicateWindow: number;
  readonly checkpointEvery: number;
  readonly pollMs: number;
  readonly snapshotPollMs: number;
  readonly drainMs: number;
  readonly visitors: boolean;
  readonly demoSeed: number;
  readonly federation: boolean;
  readonly persisted: PersistedMode;
  /** Path of the file. */
  readonly persistedManifest: string | null;
  readonly apqCapacity: number;
  readonly apqBytes: number;
  readonly processes: number;
  readonly maxSubscriptions: number;
  readonly subscriptionsPerConnection: number;
  readonly subscriptionGapMs: number;
  readonly subscriptionRefreshMs: number;
  readonly scenarios: readonly Scenario[];
  readonly maxDepth: number;
  readonly maxAliases: number;
  readonly maxDirectives: number;
  readonly maxRepeats: number;
  readonly maxTokens: number;
  readonly maxCost: number;
  readonly batchSize: number;
  readonly rateLimit: boolean;
  readonly rateLimits: RateLimits;
  /** 0: any number. */
  readonly dailyQuota: number;
  readonly maxEventLoopDelayMs: number;
  readonly trustProxy: boolean;
  readonly state: StateSettings;
  readonly suggestions: boolean;
  readonly corsOrigins: readonly string[];
  readonly tls: TlsFiles | null;
  /** Null: there is no audit log. */
  readonly audit: AuditSettings | null;
  readonly slowMs: number;
  /** Null: nothing is measured. */
  readonly metricsPort: number | null;
  readonly metricsHost: string;
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

/** One row a setting: the README's table is printed from here. */
export const SETTINGS = {
  port: {
    variable: 'PORT',
    otherwise: 4000,
    ...wholeNumber(0, 65_535),
    purpose: 'port to listen on; 0 takes a free one',
  },
  host: { variable: 'HOST', otherwise: '127.0.0.1', ...address, purpose: 'address to bind' },
  dataFolder: {
    variable: 'RECOGRAPH_DATA',
    otherwise: 'data',
    ...folder,
    purpose: 'folder of log, checkpoints, spilled users and stored lists',
  },
  snapshotsFolder: {
    variable: 'RECOGRAPH_SNAPSHOTS',
    otherwise: null as string | null,
    ...folder,
    purpose: 'folder of snapshots; without it, `snapshots` within the data folder',
  },
  ide: {
    variable: 'GRAPHQL_IDE',
    otherwise: null as Config['ide'] | null,
    ...oneOf<Config['ide']>('graphiql', 'sandbox', 'off'),
    purpose: 'page at /; sandbox loads from Apollo and allows its origin; without it, graphiql, and off in production',
  },
  introspection: {
    variable: 'INTROSPECTION',
    otherwise: null as Config['introspection'] | null,
    ...oneOf<Config['introspection']>('on', 'roles', 'off'),
    purpose:
      'who may ask for the schema: everybody, the roles debug and admin, or nobody; without it, on, and roles in production',
  },
  logLevel: {
    variable: 'LOG_LEVEL',
    otherwise: 'info' as Config['logLevel'],
    ...oneOf<Config['logLevel']>('fatal', 'error', 'warn', 'info', 'debug', 'silent'),
    purpose: 'least level of the lines on stdout',
  },
  bodyLimitBytes: {
    variable: 'BODY_LIMIT',
    otherwise: 2_000_000,
    ...wholeNumber(1_000, 100_000_000),
    purpose: 'largest request body, bytes',
  },
  budgetMs: {
    variable: 'BUDGET_MS',
    otherwise: 50,
    ...wholeNumber(0, 60_000),
    purpose: 'time for one list, ms; 0: no limit',
  },
  slateTtlMs: {
    variable: 'SLATE_TTL_MS',
    otherwise: 600_000,
    ...wholeNumber(1, 86_400_000),
    purpose: 'how long a list can be paged through, ms',
  },
  slateCapacity: {
    variable: 'SLATE_CAPACITY',
    otherwise: 10_000,
    ...wholeNumber(1, 10_000_000),
    purpose: 'lists kept on disk for paging (about 13 KB each, 41 KB with a ranker)',
  },
  duplicateWindow: {
    variable: 'DUPLICATE_WINDOW',
    otherwise: 1_000_000,
    ...wholeNumber(1, 1_000_000_000),
    purpose: 'interaction ids remembered: the same one counts once',
  },
  checkpointEvery: {
    variable: 'CHECKPOINT_EVERY',
    otherwise: 200_000,
    ...wholeNumber(1, 1_000_000_000),
    purpose: 'events between two checkpoints',
  },
  pollMs: {
    variable: 'POLL_MS',
    otherwise: 50,
    ...wholeNumber(5, 100),
    purpose: 'how often to look for events of other processes, ms',
  },
  snapshotPollMs: {
    variable: 'SNAPSHOT_POLL_MS',
    otherwise: 2_000,
    ...wholeNumber(10, 3_600_000),
    purpose: 'how often to look which snapshot is to be used, ms',
  },
  drainMs: {
    variable: 'DRAIN_MS',
    otherwise: 10_000,
    ...wholeNumber(0, 600_000),
    purpose: 'time for running requests after SIGTERM, ms',
  },
  visitors: {
    variable: 'VISITORS',
    otherwise: true,
    ...onOff,
    purpose: 'npm start only: visitors of the demo world go on clicking',
  },
  demoSeed: {
    variable: 'DEMO_SEED',
    otherwise: 1,
    ...wholeNumber(0, 2_147_483_647),
    purpose: 'which demo world is made',
  },
  scopes: {
    variable: 'SCOPES',
    otherwise: DEFAULT_STATE_SETTINGS.scopes,
    ...scopeList,
    purpose: 'what popularity is counted within',
  },
  users: {
    variable: 'USERS_IN_MEMORY',
    otherwise: bounds.users,
    ...wholeNumber(2, 100_000_000),
    purpose:
      'users in memory (0.3 KB each with a click, 1.4 KB with ten, up to 33 KB with 200); the rest spills to disk',
  },
  history: {
    variable: 'HISTORY_LENGTH',
    otherwise: bounds.history,
    ...wholeNumber(1, 10_000),
    purpose: 'interactions kept of a user (44 B each, with room to grow up to 170 B)',
  },
  readers: {
    variable: 'READERS_PER_ITEM',
    otherwise: bounds.readers,
    ...wholeNumber(1, 10_000),
    purpose: 'recent readers kept of an item (12 B each, with room to grow up to 46 B)',
  },
  coClicks: {
    variable: 'CO_CLICKS_PER_ITEM',
    otherwise: bounds.coClicks,
    ...wholeNumber(1, 10_000),
    purpose: 'co-clicked items kept of an item (68 B each, with room to grow up to 262 B)',
  },
  ...IDENTITY_SETTINGS,
  ...LIMIT_SETTINGS,
  ...TIMEOUT_SETTINGS,
  scenarios: {
    variable: 'SCENARIOS_FILE',
    otherwise: null as string | null,
    allowed: 'path of a JSON file with a list of scenarios',
    parse: (text: string) => text as string | null,
    purpose: 'scenarios beside the built-in ones',
  },
  ...FEDERATION_SETTINGS,
  ...WEB_SETTINGS,
  ...AUDIT_SETTINGS,
  ...OPERATIONS_SETTINGS,
  ...PERSISTED_SETTINGS,
  ...SUBSCRIPTION_SETTINGS,
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
  const read = <Value>(name: string, { variable, otherwise, allowed, parse }: Setting<Value>): Value => {
    const option = name as keyof typeof OPTIONS;
    const text = given[option] ?? environment[variable];
    if (text === undefined) return otherwise;
    const value = parse(text);
    const source = given[option] === undefined ? variable : OPTIONS[option];
    if (value === undefined) throw new ConfigError(`${source}="${text}": allowed is ${allowed}`);
    return value;
  };
  const values = Object.fromEntries(
    Object.entries(SETTINGS).map(([name, setting]) => [name, read<unknown>(name, setting)]),
  ) as {
    [Name in keyof typeof SETTINGS]: (typeof SETTINGS)[Name]['otherwise'];
  };
  const { snapshotsFolder, scopes, users, history, readers, coClicks, scenarios, ...others } = values;
  const { auditLog, auditKey, auditRotateBytes, auditKeepDays, auditKeepFiles, ...rest } = others;
  const { ide, introspection, jwks, issuer, audience, rolesClaim, suggestions, tlsCert, tlsKey, ...flat } = rest;
  const kept = { rotateBytes: auditRotateBytes, keepDays: auditKeepDays, keepFiles: auditKeepFiles };
  const state: StateSettings = {
    ...DEFAULT_STATE_SETTINGS,
    scopes,
    bounds: { ...bounds, users, history, readers, coClicks },
  };
  const problem = stateSettingsProblem(state);
  if (problem !== null) throw new ConfigError(`${SETTINGS.scopes.variable}: ${problem}`);
  if (flat.persisted === 'only' && flat.persistedManifest === null) {
    throw new ConfigError('PERSISTED="only": PERSISTED_MANIFEST must name the trusted documents');
  }
  return {
    ...flat,
    ide: ide ?? (flat.production ? 'off' : 'graphiql'),
    introspection: introspection ?? (flat.production ? 'roles' : 'on'),
    tokens: tokenSettings({ jwks, issuer, audience, rolesClaim }),
    snapshotsFolder: snapshotsFolder ?? join(flat.dataFolder, 'snapshots'),
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
  if (key === null || key.length >= 32) return key;
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
