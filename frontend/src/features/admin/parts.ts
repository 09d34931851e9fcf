import { paths } from '../../config/paths';

export const PARTS = ['overview', 'secrets', 'audit', 'system', 'tokens', 'sessions'] as const;
export type PartName = (typeof PARTS)[number];

export const partPath = (part: PartName): string =>
  part === 'overview' ? paths.admin : `${paths.admin}/${part}`;
