import { storeUnavailable } from '../../common/store.errors.js';

/** It is done in the master, but too few replicas hold it: whoever claimed may ask again under the same claim. */
export const quorumWithheld = () =>
  storeUnavailable(
    'Too few replicas of the secret store hold this, so it is not answered. Try again in a moment.',
  );

/** Nothing was done. */
export const quorumMissing = () =>
  storeUnavailable(
    'Too few replicas of the secret store can be reached. Nothing was changed. Try again later.',
  );
