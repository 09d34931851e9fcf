import { ProblemError } from '../platform/http/problem/problem.js';

export const sessionNotFound = () => new ProblemError('session_not_found', 'It has ended, or never existed.');
