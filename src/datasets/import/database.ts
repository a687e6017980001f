/**
 * A DuckDB of one import, in memory, with a folder for what does not fit. It reads the file in place; sorting spills
 * to the folder, which is removed on close. Times without a zone are UTC.
 */
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection, type Json } from '@duckdb/node-api';

const SETTINGS = { threads: '2', memory_limit: '2GB', autoinstall_known_extensions: 'false' };

/** How the names of those folders begin. */
export const WORKING_FOLDER = 'recograph-import-';

export class Database {
  private constructor(
    private readonly instance: DuckDBInstance,
    readonly connection: DuckDBConnection,
    /** For files of this import only. */
    readonly folder: string,
  ) {}

  /** `within`: where its folder is made. */
  static async open(within = tmpdir()): Promise<Database> {
    const folder = await mkdtemp(join(within, WORKING_FOLDER));
    const instance = await DuckDBInstance.create(':memory:', { ...SETTINGS, temp_directory: join(folder, 'spill') });
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    return new Database(instance, connection, folder);
  }

  /** All rows of a small result. */
  async rows(sql: string): Promise<Json[][]> {
    return (await this.connection.runAndReadAll(sql)).getRowsJson();
  }

  /** A path that DuckDB takes literally: it reads `*`, `?` and brackets as patterns, so such a file gets another name. */
  async literalPath(file: string): Promise<string> {
    if (!/[*?[\]{}]/.test(file)) return file;
    const link = join(this.folder, 'file');
    await symlink(file, link);
    return link;
  }

  async close(): Promise<void> {
    this.connection.closeSync();
    this.instance.closeSync();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A text as SQL writes it. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
