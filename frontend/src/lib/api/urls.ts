import { API_BASE } from '@burnbag/contract';

/** Every URL that the web app asks, and nothing else does. */
const base = API_BASE;
const part = encodeURIComponent;

export const urls = {
  policy: () => `${base}/policy`,
  session: () => `${base}/auth/session`,
  /** Redirects to the provider: for the browser, not for the client. */
  signIn: () => `${base}/auth/login`,
  localSignIn: () => `${base}/auth/local`,
  tokens: () => `${base}/tokens`,
  token: (id: string) => `${base}/tokens/${part(id)}`,
  /** @param name such as `audit/export` */
  admin: (name: string) => `${base}/admin/${name}`,
  adminSecret: (ref: string, act: 'burn' | 'unlock') => `${base}/admin/secrets/${part(ref)}/${act}`,
  adminRow: (list: 'tokens' | 'sessions', id: string) => `${base}/admin/${list}/${part(id)}`,
  logout: () => `${base}/auth/logout`,
  secrets: () => `${base}/secrets`,
  secret: (id: string) => `${base}/secrets/${part(id)}`,
  secretStatus: (id: string) => `${base}/secrets/${part(id)}/status`,
  reveal: (id: string) => `${base}/secrets/${part(id)}/reveal`,
  acknowledge: (id: string) => `${base}/secrets/${part(id)}/acknowledge`,
  uploads: () => `${base}/uploads`,
  upload: (id: string) => `${base}/uploads/${part(id)}`,
  completeUpload: (id: string) => `${base}/uploads/${part(id)}/complete`,
  /** All files together: the sealed payload. */
  files: (id: string) => `${base}/files/${part(id)}`,
  /** One file that the server encrypted. @param index from 0 */
  file: (id: string, index: number) => `${base}/files/${part(id)}/${index}`,
  /** Renews the lease of files under a claim. */
  renewFiles: (id: string) => `${base}/files/${part(id)}/renew`,
  receipt: (token: string) => `${base}/receipts/${part(token)}`,
};
