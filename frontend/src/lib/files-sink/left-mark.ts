/** In the browser's storage: files of a download may lie around, so that visits without any need not look. */
export const LEFT_FILES = 'burnbag.files';
