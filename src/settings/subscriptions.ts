/** Settings of subscriptions. */
import { wholeNumber } from './setting.js';

export const SUBSCRIPTION_SETTINGS = {
  maxSubscriptions: {
    variable: 'MAX_SUBSCRIPTIONS',
    otherwise: 1_000,
    ...wholeNumber(0, 1_000_000),
    purpose: 'connections that subscribe, of a process; 0: none',
  },
  subscriptionsPerConnection: {
    variable: 'SUBSCRIPTIONS_PER_CONNECTION',
    otherwise: 10,
    ...wholeNumber(1, 1_000),
    purpose: 'subscriptions of one WebSocket',
  },
  subscriptionGapMs: {
    variable: 'SUBSCRIPTION_GAP_MS',
    otherwise: 100,
    ...wholeNumber(0, 60_000),
    purpose: 'least time between two lists of a subscription, ms: what happens within it is one change',
  },
  subscriptionRefreshMs: {
    variable: 'SUBSCRIPTION_REFRESH_MS',
    otherwise: 5_000,
    ...wholeNumber(10, 3_600_000),
    purpose:
      'how often a subscription looks whether others have changed its list, and its key or token is still good, ms',
  },
};
