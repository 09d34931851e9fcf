import type { TFunction } from 'i18next';
import type { Problem } from '../../lib/api/problem';

/** Why sealing did not work, in one sentence. */
export function problemText(problem: Problem, t: TFunction<'create'>): string {
  switch (problem.code) {
    case 'network':
      return t('problem.network');
    case 'rate_limited':
      return t('problem.rateLimited', { count: problem.retryAfterSeconds });
    case 'validation_failed': {
      const fields = problem.errors.map(({ field, message }) => `${field} ${message}`.trim()).join('; ');
      return fields === '' ? t('problem.refused') : t('problem.refusedFields', { fields });
    }
    case 'store_unavailable':
    case 'key_unavailable':
    case 'passphrase_busy':
      return t('problem.unavailable');
    case 'unexpected':
      return problem.requestId
        ? t('problem.unexpectedRequest', { requestId: problem.requestId })
        : t('problem.unexpected');
    default:
      return t('problem.unexpected');
  }
}
