import type { TFunction } from 'i18next';
import type { useFormat } from '../../lib/hooks/use-format';
import type { UploadProblem } from './upload/upload-state';

const UNREACHABLE: ReadonlySet<number> = new Set([502, 503, 504]);

/** Why sealing or sending failed, in one sentence, with what to do unless that is "try again". */
export function problemText(
  problem: UploadProblem,
  t: TFunction<'create'>,
  format: ReturnType<typeof useFormat>,
): string {
  switch (problem.code) {
    case 'network':
      return t('problem.network');
    case 'app_outdated':
      return t('problem.outdated');
    case 'rate_limited':
      return t('problem.rateLimited', { count: problem.retryAfterSeconds });
    case 'text_quota_reached':
      return t('problem.textQuota', { count: Math.ceil(problem.retryAfterSeconds / 60) });
    case 'validation_failed': {
      const fields = problem.errors.map(({ field, message }) => `${field} ${message}`.trim()).join('; ');
      return fields === '' ? t('problem.refused') : t('problem.refusedFields', { fields });
    }
    case 'file_too_large':
      return problem.limit === undefined
        ? t('problem.tooLarge')
        : t('problem.tooLargeLimit', { limit: format.bytes(problem.limit) });
    case 'too_many_files':
      return problem.limit === undefined
        ? t('problem.tooMany')
        : t('problem.tooManyLimit', { limit: format.number(problem.limit) });
    case 'file_extension_refused':
      return t('problem.extension', { allowed: problem.allowed.join(', ') });
    case 'file_changed':
      return t('problem.fileChanged');
    case 'file_unreadable':
      return t('problem.fileUnreadable');
    case 'storage_full':
      return t('problem.storageFull');
    case 'upload_too_slow':
      return t('problem.tooSlow');
    case 'too_many_uploads':
      return t('problem.tooManyUploads');
    case 'upload_share_full':
      return problem.limit === undefined
        ? t('problem.shareFull')
        : t('problem.shareFullLimit', { limit: format.bytes(problem.limit) });
    case 'upload_not_found':
    case 'upload_incomplete':
      return t('problem.uploadGone');
    case 'upload_conflict':
    case 'upload_locked':
      return t('problem.uploadBusy');
    case 'payload_too_large':
      return t('problem.noteTooLong');
    case 'store_unavailable':
    case 'key_unavailable':
    case 'passphrase_busy':
      return t('problem.unavailable');
    case 'sign_in_required':
      return t('problem.signIn');
    case 'forbidden':
    case 'csrf_refused':
      return t('problem.forbidden');
    case 'policy_refused':
      return t('problem.policy', { rule: problem.rule ?? '' });
    case 'proxy_answer':
      if (UNREACHABLE.has(problem.status)) return t('problem.proxyUnreachable', { status: problem.status });
      return t(problem.status === 413 ? 'problem.proxyTooLarge' : 'problem.proxy', {
        status: problem.status,
      });
    case 'unexpected':
      return problem.requestId
        ? t('problem.unexpectedRequest', { requestId: problem.requestId })
        : t('problem.unexpected');
    default:
      return t('problem.unexpected');
  }
}
