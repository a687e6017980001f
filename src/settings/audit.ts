/** Settings of the audit log. */
import { folder, type Setting, wholeNumber } from './setting.js';

/** Characters that the secret has at least. */
export const AUDIT_KEY_LENGTH = 32;

export const AUDIT_SETTINGS = {
  auditLog: {
    variable: 'AUDIT_LOG',
    otherwise: null as string | null,
    allowed: 'on | off | path of a folder, with a slash in it',
    // Without one it is rather a word that was meant to switch something.
    parse: (text: string) =>
      text === 'on' || text === 'off' ? text : /[\\/]/.test(text) ? folder.parse(text) : undefined,
    purpose: 'folder of the audit log; on: `audit` within the data folder; without it, off, and on in production',
  },
  auditKey: {
    variable: 'AUDIT_KEY',
    otherwise: null as string | null,
    allowed: `at least ${AUDIT_KEY_LENGTH} characters`,
    parse: (text: string) => text as string | null,
    purpose: 'secret that pseudonyms are made with; without it, one is made in `audit.key` within the data folder',
  },
  auditRotateBytes: {
    variable: 'AUDIT_ROTATE_BYTES',
    otherwise: 100_000_000,
    ...wholeNumber(1_000, 10_000_000_000),
    purpose: 'a file that has grown beyond it is followed by another, as at the end of a UTC day, bytes',
  },
  auditKeepDays: {
    variable: 'AUDIT_KEEP_DAYS',
    otherwise: 90,
    ...wholeNumber(1, 3_650),
    purpose: 'files of days longer ago are deleted, days',
  },
  auditKeepFiles: {
    variable: 'AUDIT_KEEP_FILES',
    otherwise: 1_000,
    ...wholeNumber(2, 1_000_000),
    purpose: 'files kept at most; the oldest are deleted',
  },
} satisfies Record<string, Setting<unknown>>;

export interface AuditSettings {
  readonly folder: string;
  /** Null: the one in the data folder. */
  readonly key: string | null;
  readonly rotateBytes: number;
  readonly keepDays: number;
  readonly keepFiles: number;
}
