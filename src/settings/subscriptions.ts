/** Settings of subscriptions. */
import { wholeNumber } from './setting.js';

export const SUBSCRIPTION_SETTINGS = {
  maxSubscriptions: {
    variable: 'MAX_SUBSCRIPTIONS',
    otherwise: 1_000,
    ...wholeNumber(0, 1_000_000),
    purpose: 'connections that subscribe, of a process; 0: none',
  },
  subscriptionsPerCaller: {
    variable: 'SUBSCRIPTIONS_PER_CALLER',
    otherwise: 500,
    ...wholeNumber(1, 1_000_000),
    purpose: 'of these, connections of one key, of one user of a token, or of one address without either',
  },
  maxWaitingSockets: {
    variable: 'MAX_WAITING_SOCKETS',
    otherwise: 100,
    ...wholeNumber(1, 100_000),
    purpose: 'WebSockets that have not said yet who they are, of a process; they have 3 s for it',
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
