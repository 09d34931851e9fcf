/** Where each page of the web app lives. */
export const paths = {
  create: '/',
  reveal: '/s/:id',
  receipt: '/r',
} as const;
