import { loadChunk } from '../../../lib/chunks';

/** Fetches the upload code, once. @throws ApiError `network` or `app_outdated` */
export const loadUpload = () => loadChunk(() => import('./index'));
