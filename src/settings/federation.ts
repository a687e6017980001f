/** Settings of federation. */
import { onOff } from './setting.js';

export const FEDERATION_SETTINGS = {
  federation: {
    variable: 'FEDERATION',
    otherwise: false,
    ...onOff,
    purpose: 'whether the schema is served as a subgraph of Apollo Federation 2',
  },
};
