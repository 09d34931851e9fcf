import { storeUnavailable } from '../platform/http/problem/store.errors.js';
import { DatabaseAwayError } from './database.port.js';

/**
 * Runs a database call of a request, and answers an outage with a problem.
 * @throws ProblemError store_unavailable instead of DatabaseAwayError
 */
export async function orUnavailable<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof DatabaseAwayError)) throw error;
    throw storeUnavailable('The audit database does not answer. Try again in a moment.');
  }
}
