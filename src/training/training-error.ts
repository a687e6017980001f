/** Why a model can't be trained, with a code that stays the same. */
export class TrainingError extends Error {
  override readonly name = 'TrainingError';

  constructor(
    readonly code:
      | 'BAD_TRAINING_SETTING'
      | 'BAD_TRAINING_SET'
      | 'TOO_FEW_EVENTS'
      | 'TOO_FEW_PAIRS'
      | 'TOO_FEW_ROWS'
      | 'TRAINING_SET_TOO_LARGE'
      | 'WORKER_FAILED',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A setting's name, what it may be, and the same in words. */
export type SettingRule<Settings> = readonly [keyof Settings, (value: number) => boolean, string];

/** @throws TrainingError naming the first setting that can't be used */
export function checkSettings<Settings>(settings: Settings, rules: readonly SettingRule<Settings>[]): void {
  for (const [name, allowed, range] of rules) {
    if (allowed(settings[name] as number)) continue;
    throw new TrainingError('BAD_TRAINING_SETTING', `${String(name)}=${String(settings[name])}: allowed is ${range}`);
  }
}
