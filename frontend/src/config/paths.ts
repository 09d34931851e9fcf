import { RECEIPT_PAGE, SECRET_PAGE } from '@burnbag/contract';

/** Where each page of the web app lives. */
export const paths = {
  create: '/',
  reveal: `${SECRET_PAGE}/:id`,
  receipt: RECEIPT_PAGE,
  login: '/login',
  tokens: '/tokens',
  admin: '/admin',
} as const;
