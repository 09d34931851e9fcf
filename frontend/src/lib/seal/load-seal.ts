import { loadChunk } from '../chunks';

/**
 * Fetches the sealing code, once. Pages call it early, so that a broken connection shows before a claim is made.
 * @throws ApiError `network` or `app_outdated`
 */
export const loadSeal = () => loadChunk(() => import('./index'));
