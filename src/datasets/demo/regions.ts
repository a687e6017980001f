/** The regions of the demo world: an invented country, its towns, and readers abroad. Each has a taste of its own. */
import { seededRandom } from '../../math/random.js';
import { logNormal, normalised } from './draw.js';
import { COMMON_TASTE } from './sections.js';
import { STREAM } from './streams.js';

export interface Region {
  readonly name: string;
  /** Share of the readers. */
  readonly share: number;
  readonly countries: readonly string[];
  /** Empty abroad: nothing is reported from there. */
  readonly towns: readonly string[];
  /** Taste over SECTIONS, summing to 1, around which its readers' tastes are drawn. */
  readonly taste: Float64Array;
}

type Place = Omit<Region, 'taste'>;

const HOME = ['alderland'];
const PLACES: readonly Place[] = [
  home('aldermere', 0.24, ['Aldermere', 'Quillham', 'Brackwater', 'Tollgate', 'Wexbridge']),
  home('saltmarch', 0.15, ['Saltquay', 'Dunsand', 'Gullhaven', 'Merrowby', 'Tidewick']),
  home('norrholm', 0.12, ['Norrholm', 'Kelstad', 'Fjellby', 'Askvoe', 'Hallund']),
  home('vinedale', 0.11, ['Vinedale', 'Montarel', 'Castelrou', 'Sorrin', 'Belvary']),
  home('stonereach', 0.1, ['Stonereach', 'Grimsledge', 'Ironford', 'Slatewell', 'Hammerby']),
  home('oakhollow', 0.08, ['Oakhollow', 'Fernaby', 'Beechmarsh', 'Tannerton', 'Wrenwood']),
  home('lakemoor', 0.07, ['Lakemoor', 'Sedgemere', 'Heronsea', 'Pikewater', 'Reedholm']),
  home('highfell', 0.05, ['Highfell', 'Cragmouth', 'Snowdry', 'Eaglescar', 'Torvale']),
  home('isleward', 0.03, ['Isleward', 'Skarra', 'Port Ellin', 'Cormorey', 'Sandvoe']),
  { name: 'abroad', share: 0.05, countries: ['estmark', 'vallony', 'tresland'], towns: [] },
];
export const REGION_NAMES = PLACES.map(({ name }) => name);
const TASTE_SIGMA = 0.7;

/** The ten regions, largest first but for readers abroad; only their tastes depend on the seed. */
export function createRegions(seed: number): readonly Region[] {
  return PLACES.map((place, index) => {
    const random = seededRandom(seed, STREAM.regions, index);
    return { ...place, taste: normalised(COMMON_TASTE.map((share) => share * logNormal(random, TASTE_SIGMA))) };
  });
}

function home(name: string, share: number, towns: readonly string[]): Place {
  return { name, share, countries: HOME, towns };
}
