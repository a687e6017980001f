/** Settings of the data, the engine and the process. */
import { DEFAULT_STATE_SETTINGS } from '../state/state-settings.js';
import { address, folder, oneOf, onOff, scopeList, type Setting, wholeNumber } from './setting.js';

type Ide = 'graphiql' | 'sandbox' | 'off';
type Introspection = 'on' | 'roles' | 'off';
type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent';

const { bounds } = DEFAULT_STATE_SETTINGS;

export const CORE_SETTINGS = {
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
    otherwise: null as Ide | null,
    ...oneOf<Ide>('graphiql', 'sandbox', 'off'),
    purpose: 'page at /; sandbox loads from Apollo and allows its origin; without it, graphiql, and off in production',
  },
  introspection: {
    variable: 'INTROSPECTION',
    otherwise: null as Introspection | null,
    ...oneOf<Introspection>('on', 'roles', 'off'),
    purpose:
      'who may ask for the schema: everybody, the roles debug and admin, or nobody; without it, on, and roles in production',
  },
  logLevel: {
    variable: 'LOG_LEVEL',
    otherwise: 'info' as LogLevel,
    ...oneOf<LogLevel>('fatal', 'error', 'warn', 'info', 'debug', 'silent'),
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
    purpose: 'lists kept for paging (about 13 KB each, 41 KB with a ranker); the oldest go first',
  },
  slateBytes: {
    variable: 'SLATE_BYTES',
    otherwise: 500_000_000,
    ...wholeNumber(1_000_000, 1_000_000_000_000),
    purpose: 'size of all lists kept for paging, bytes; the oldest go first',
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
  drainDelayMs: {
    variable: 'DRAIN_DELAY_MS',
    otherwise: 0,
    ...wholeNumber(0, 600_000),
    purpose:
      'after SIGTERM, time in which /readyz says 503 and requests are served, until whoever sends them has noticed, ms',
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
  scenarios: {
    variable: 'SCENARIOS_FILE',
    otherwise: null as string | null,
    allowed: 'path of a JSON file with a list of scenarios',
    parse: (text: string) => text as string | null,
    purpose: 'scenarios beside the built-in ones',
  },
} satisfies Record<string, Setting<unknown>>;
