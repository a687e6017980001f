/** A hostile client: a bounded number of lanes, each of which begins the next attack of a list when its last one is over. */
import { type Attack, type Target } from './attacks.js';

export interface AttackerOptions {
  readonly target: Target;
  readonly attacks: Readonly<Record<string, Attack>>;
  readonly lanes: number;
}

/** How often an attack met an outcome: by attack, then by outcome. */
export type Tally = Readonly<Record<string, Readonly<Record<string, number>>>>;

export class Attacker {
  private readonly met: Record<string, Record<string, number>> = {};
  private readonly lanes: readonly Promise<void>[];
  private stopped = false;
  private begun = 0;

  /** Attacks from now on. */
  constructor(private readonly options: AttackerOptions) {
    this.lanes = Array.from({ length: options.lanes }, () => this.attack());
  }

  /** Whether each attack was over once. */
  get wentRound(): boolean {
    return Object.keys(this.options.attacks).every((name) => name in this.met);
  }

  /** Ends when the attacks under way are over. */
  async stop(): Promise<Tally> {
    this.stopped = true;
    await Promise.all(this.lanes);
    return this.met;
  }

  private async attack(): Promise<void> {
    const { attacks, target } = this.options;
    const names = Object.keys(attacks);
    while (!this.stopped) {
      const name = names[this.begun++ % names.length]!;
      const outcomes = await attacks[name]!.run(target);
      const met = (this.met[name] ??= {});
      for (const outcome of outcomes) met[outcome] = (met[outcome] ?? 0) + 1;
    }
  }
}

/** The server is late, or has had enough of the attacker; then it hangs up on who goes on sending. */
const ALWAYS_EXPECTED: ReadonlySet<string> = new Set(['503 OVERLOADED', '429 RATE_LIMITED', 'closed']);

/** Outcomes that no attack should have met, as lines: `attack: outcome, so many times`. */
export function surprises(tally: Tally, attacks: Readonly<Record<string, Attack>>): readonly string[] {
  return Object.entries(tally).flatMap(([name, met]) =>
    Object.entries(met)
      .filter(([outcome]) => !attacks[name]!.expected.includes(outcome) && !ALWAYS_EXPECTED.has(outcome))
      .map(([outcome, count]) => `${name}: ${outcome}, ${count} times`),
  );
}
