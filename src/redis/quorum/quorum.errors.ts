import { storeUnavailable } from '../../platform/http/problem/store.errors.js';

/** The master has run it, but too few replicas hold it: the client may retry under the same claim. */
export const quorumWithheld = () =>
  storeUnavailable(
    'Too few replicas of the secret store hold this, so it is not answered. Try again in a moment.',
  );

/** Nothing was done. */
export const quorumMissing = () =>
  storeUnavailable(
    'Too few replicas of the secret store can be reached. Nothing was changed. Try again later.',
  );
