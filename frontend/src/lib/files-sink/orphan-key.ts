/**
 * Key in the browser's storage: files of a download may be left over, so that other visits need not check.
 */
export const LEFT_FILES = 'burnbag.files';
