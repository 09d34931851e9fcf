/** @jest-environment node */
import { readFileSync } from 'node:fs';
import { LANGUAGES, TRAIL_ACTIONS, type TrailAction } from '@burnbag/contract';
import { describe, expect, it } from '@jest/globals';
import { createI18n } from '../lib/i18n';
import { timelineItemText } from '../features/receipt/timeline-item-text';
import { timelineItems } from '../features/receipt/timeline-items';

const cases = LANGUAGES.flatMap((language) => TRAIL_ACTIONS.map((action) => [action, language] as const));
const at = '2026-11-21T14:02:00.000Z';

/** Every line that a receipt can have of an action, whatever else is known. */
function linesOf(action: TrailAction) {
  const about = [
    {},
    { reader: 'alice@corp.example' },
    { viewsLeft: 2 },
    { reason: 'not_recipient' as const },
  ];
  const by = (['sender', 'reader', 'administrator', 'system'] as const).map((who) => ({ by: who }));
  return timelineItems(
    [...about, ...by, { until: at }, { attemptsLeft: 1 }].map((more) => ({ action, at, ...more })),
  );
}

describe('every audit action has its text', () => {
  it.each(cases)('%s, for administrators in %s', async (action, language) => {
    const i18n = await createI18n(language, 'admin');
    expect(i18n.exists(`event.${action}`, { ns: 'admin' })).toBe(true);
  });

  it.each(cases)('%s, on receipts in %s', async (action, language) => {
    const i18n = await createI18n(language, 'receipt');
    const t = i18n.getFixedT(language, 'receipt');
    const whole = { timeline: [], timelineComplete: true };
    const receipts = [whole, { ...whole, passphraseRequired: false }, { ...whole, timelineComplete: false }];
    for (const receipt of receipts) {
      for (const line of linesOf(action)) {
        const text = timelineItemText(line, receipt, t, { moment: String });
        expect(text).not.toMatch(/^timeline\.|^$|\{\{/);
      }
    }
  });

  it('and its name in the documentation', () => {
    const docs = readFileSync(new URL('../../../docs/audit.md', import.meta.url), 'utf8');
    expect(TRAIL_ACTIONS.filter((action) => !docs.includes(`\`${action}\``))).toEqual([]);
  });
});
