import { DEFAULT_STATE_SETTINGS, stateSettingsProblem } from '../../src/state/state-settings.js';

const problemOf = (...scopes: string[]): string | null => stateSettingsProblem({ ...DEFAULT_STATE_SETTINGS, scopes });

describe('stateSettingsProblem', () => {
  it('finds none in the defaults', () => {
    expect(stateSettingsProblem(DEFAULT_STATE_SETTINGS)).toBeNull();
    expect(problemOf('all', 'position+device', 'os')).toBeNull();
  });

  it.each(['planet', 'region+planet', 'region+region', 'all+region', '', 'region+', 'Region'])(
    'names the scope "%s" and what is allowed',
    (scope) => {
      expect(problemOf('all', scope)).toBe(
        `scope "${scope}": allowed are "all" and combinations of device, os, country, region, referrer, position joined by "+"`,
      );
    },
  );

  it('asks for "all", and for each scope once', () => {
    expect(problemOf('region')).toBe('scopes: "all" must be among them');
    expect(problemOf()).toBe('scopes: "all" must be among them');
    expect(problemOf('all', 'region', 'all')).toBe('scopes: one is named twice');
  });
});
