import { problemsAmong } from '../common/answers.openapi.js';
import { SECRET_PROBLEMS } from '../secrets/secrets.openapi.js';
import { filesProblems } from './files.errors.js';

/** Documents problems by their codes, with those of every route of files. */
export const FileProblems = problemsAmong(
  [...SECRET_PROBLEMS, ...filesProblems],
  'rate_limited',
  'store_unavailable',
);
