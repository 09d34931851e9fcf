/** Fetches the code that hands over files, once. */
export const loadUpload = () => import('./index');
