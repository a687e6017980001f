/**
 * Decayed popularity within every configured scope: for each scope one CounterTable a value that the log has shown, up to
 * a bound; later values share one table, "other". The scope `all` counts without decay too: what is left to go by when
 * nothing has been clicked for longer than any half-life.
 */
import { logStamp } from '../math/log-domain.js';
import { type ContextCodes, type Contexts } from './contexts.js';
import { CounterTable, type CounterShape } from './counter-table.js';
import { FIRST_CLICK, parseScope, type Scope, scopeValue, type SessionPlace } from './scope.js';
import { type SectionReader, type SectionWriter } from './sections.js';
import { type StateSettings } from './state-settings.js';

/** Key of the table that counts all values beyond the bound; -1, "not in this scope", is never a key. */
const OTHER = -2;
const ALL_SCOPE_FACTOR = 32;

export class Popularity {
  readonly scopes: readonly Scope[];
  readonly halfLivesMs: readonly number[];
  private readonly tables: Map<number, CounterTable>[];
  private readonly shapes: CounterShape[];
  private readonly stamp: Float64Array;
  /** Tables of a known context, by context index and place: what the fold needs at every click. */
  private readonly byContext: (readonly CounterTable[])[] = [];

  constructor(
    private readonly settings: StateSettings,
    private readonly contexts: Contexts,
  ) {
    const { bounds, halfLivesMs } = settings;
    this.halfLivesMs = halfLivesMs;
    this.stamp = new Float64Array(halfLivesMs.length + 1);
    this.scopes = settings.scopes.map(parseScope);
    this.tables = this.scopes.map(() => new Map());
    this.shapes = this.scopes.map(({ name }) => ({
      halfLivesMs: name === 'all' ? [...halfLivesMs, Infinity] : halfLivesMs,
      list: bounds.list,
      bound: bounds.scopeItems * (name === 'all' ? ALL_SCOPE_FACTOR : 1),
    }));
  }

  /** Counts one click in every scope that its context and place have a value for. */
  add(item: number, weight: number, at: number, context: number, place: SessionPlace): void {
    const stamps = this.stamps(weight, at);
    for (const table of this.tablesOf(context, place)) table.add(item, stamps);
  }

  /** Takes an earlier `add` with the same arguments back. */
  subtract(item: number, weight: number, at: number, context: number, place: SessionPlace): void {
    const stamps = this.stamps(weight, at);
    for (const table of this.tablesOf(context, place)) table.subtract(item, stamps);
  }

  /** One entry a scope: what has been counted in it for this context, or null where nothing has. Changes nothing. */
  lookup(codes: ContextCodes, place: SessionPlace): readonly (CounterTable | null)[] {
    return this.scopes.map((scope, at) => {
      const value = scopeValue(scope, codes, place);
      return value === -1 ? null : (this.tables[at]!.get(value) ?? this.tables[at]!.get(OTHER) ?? null);
    });
  }

  /** Everything that is clicked, whatever the context. */
  get global(): CounterTable | null {
    return this.lookup([0, 0, 0, 0, 0], FIRST_CLICK)[this.settings.scopes.indexOf('all')]!;
  }

  /** Where the counts without decay stand among the half-lives of `global`. */
  get lifetime(): number {
    return this.halfLivesMs.length;
  }

  get bytes(): number {
    let sum = 0;
    for (const tables of this.tables) for (const table of tables.values()) sum += table.bytes;
    return sum;
  }

  /** What one click is worth at each half-life: computed once for all scopes. */
  private stamps(weight: number, at: number): Float64Array {
    const { stamp, halfLivesMs } = this;
    for (let half = 0; half < halfLivesMs.length; half++) stamp[half] = logStamp(weight, at, halfLivesMs[half]!);
    stamp[halfLivesMs.length] = Math.log(weight);
    return stamp;
  }

  private tablesOf(context: number, place: SessionPlace): readonly CounterTable[] {
    const key = context * 2 + place;
    return (this.byContext[key] ??= this.declare(this.contexts.codesAt(context), place));
  }

  private declare(codes: ContextCodes, place: SessionPlace): CounterTable[] {
    return this.scopes.flatMap((scope, at) => {
      const value = scopeValue(scope, codes, place);
      if (value === -1) return [];
      const tables = this.tables[at]!;
      const key = tables.has(value) || tables.size < this.settings.bounds.scopeValues ? value : OTHER;
      let table = tables.get(key);
      if (table === undefined) tables.set(key, (table = new CounterTable(this.shapes[at]!)));
      return [table];
    });
  }

  save(out: SectionWriter): void {
    out.json(
      'popularity',
      this.tables.map((tables) => [...tables.keys()]),
    );
    this.tables.forEach((tables, scope) => {
      let number = 0;
      for (const table of tables.values()) table.save(`popularity.${scope}.${number++}`, out);
    });
  }

  load(from: SectionReader): void {
    from.json<number[][]>('popularity').forEach((values, scope) => {
      values.forEach((value, number) => {
        const table = new CounterTable(this.shapes[scope]!);
        table.load(`popularity.${scope}.${number}`, from);
        this.tables[scope]!.set(value, table);
      });
    });
  }
}
