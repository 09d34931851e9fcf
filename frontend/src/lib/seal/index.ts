/** The cryptography of sealed secrets: large, so pages load it by {@link ./load-seal} only when they need it. */
export { deriveFromLinkKey, type SealKeys } from './derive';
export { open, recipientOf, seal, SealDamagedError, sealTo } from './seal';
