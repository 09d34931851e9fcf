import { loadChunk } from '../../../lib/chunks';

/** Fetches the code that hands over files, once. @throws ApiError `network` or `app_outdated` */
export const loadUpload = () => loadChunk(() => import('./index'));
