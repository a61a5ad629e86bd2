import { FailureError, failure } from '../../../shared/base/errors';
import type { Actor } from '../../../shared/canary/events';
import { type PromotionRules, promotionRulesSchema } from '../../../shared/canary/promotion-rules';
import type { DeskStore } from '../ports';

/** When promotions are allowed: a setting of the desk that changes only together with the audit record that says who and why. */

const key = 'canary.promotion-rules';
const none: PromotionRules = { windows: [], freezes: [], stopped: null };

export async function readPromotionRules({ settings }: Pick<DeskStore, 'settings'>): Promise<PromotionRules> {
  return rulesOf(await settings.get(key));
}

export async function changePromotionRules(
  { settings, audit }: Pick<DeskStore, 'settings' | 'audit'>,
  change: {
    readonly action: string;
    readonly actor: Actor;
    readonly reason: string;
    readonly atUs: number;
    readonly rules: (before: PromotionRules) => PromotionRules;
  },
): Promise<PromotionRules> {
  const before = await settings.get(key);
  const rules = change.rules(rulesOf(before));
  const { action, actor, reason, atUs } = change;
  await audit.append(
    { atUs, actor, action, subject: 'promotion-rules', payload: { reason, rules } },
    { key, before, value: JSON.stringify(rules) },
  );
  return rules;
}

/** Rules that cannot be read hold every promotion back rather than none. */
function rulesOf(text: string | null): PromotionRules {
  if (text === null) return none;
  const parsed = promotionRulesSchema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new FailureError(
    failure('settings-invalid', 'The rules of promotion cannot be read', 'Set windows and freezes again.', { key }),
  );
}
