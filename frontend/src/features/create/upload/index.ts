/** Uploads of files: large, so the page loads it by {@link ./load-upload} on demand. */
export { SendingPage } from '../components/sending-page';
export { InterruptedPage } from '../components/interrupted-page';
export { runUpload } from './upload-run';
