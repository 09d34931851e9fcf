import { Injectable } from '@nestjs/common';

import type { ProblemError } from '../../platform/http/problem/problem.js';
import { MetricsService, type RefusalOutcome } from '../../platform/metrics/metrics.service.js';
import type { Refusal } from './secret-store.types.js';
import { problemOf } from '../secrets.errors.js';

const REASONS: Readonly<Record<Refusal['kind'], RefusalOutcome>> = {
  gone: 'gone',
  missing: 'missing',
  damaged: 'damaged',
  'unknown-key': 'unknown_key',
  'claim-required': 'required',
  'sign-in-required': 'required',
  'not-recipient': 'not_recipient',
  locked: 'locked',
  'guard-required': 'required',
  'guard-wrong': 'wrong',
};

/** Records the metric and maps it to a ProblemError. */
@Injectable()
export class RefusalMapper {
  constructor(private readonly metrics: MetricsService) {}

  problem(refusal: Refusal): ProblemError {
    this.metrics.refused(REASONS[refusal.kind]);
    if (refusal.kind === 'guard-wrong' && refusal.attemptsLeft === 0) this.metrics.lockedOut();
    return problemOf(refusal);
  }
}
