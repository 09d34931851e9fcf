/** Where each page of the web app lives. */
export const paths = {
  create: '/',
  reveal: '/s/:id',
  receipt: '/r',
  login: '/login',
  tokens: '/tokens',
  admin: '/admin',
} as const;
