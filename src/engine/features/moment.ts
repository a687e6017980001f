/**
 * Who asks and when: equal for all candidates, so that trees can tell moments apart. The time since the last session is
 * known only at the start of the next one, for between two clicks of a session nobody knows when the next one comes.
 */
import { FIRST_CLICK } from '../../state/scope.js';
import { type Feature, type FeatureGroup, type Featurizer } from './feature.js';
import { lnMinutes } from './item-times.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Times count from a Thursday. */
const EPOCH_WEEKDAY = 4;

export const moment: Featurizer = {
  features: () =>
    (
      [
        ['history_length', 'AFFINITY', 'interactions', 'Interactions that are kept of the reader.'],
        ['session_position', 'AFFINITY', 'clicks', 'Clicks in the session so far; 0 at its start.'],
        ['since_session', 'TEMPORAL', 'ln of minutes', 'At the start of a session: time since the click before it.'],
        ['hour', 'TEMPORAL', 'hours', 'Hour of the day, UTC.'],
        ['weekday', 'TEMPORAL', 'days', 'Day of the week, UTC, 0 for Sunday.'],
      ] as const
    ).map(([name, group, unit, description]): Feature => ({
      name,
      group: group satisfies FeatureGroup,
      unit,
      description,
      reason: { kind: 'MOMENT' },
    })),

  fill({ query: { now }, history, place }, _candidates, _world, [length, position, sinceSession, hour, weekday]) {
    const last = history.length - 1;
    const isStart = place === FIRST_CLICK;
    length!.fill(history.length);
    position!.fill(isStart || last < 0 ? 0 : history.place[last]! + 1);
    sinceSession!.fill(isStart && last >= 0 ? lnMinutes(now - history.at[last]!) : NaN);
    hour!.fill(Math.floor((now % DAY_MS) / HOUR_MS));
    weekday!.fill((Math.floor(now / DAY_MS) + EPOCH_WEEKDAY) % 7);
  },
};
