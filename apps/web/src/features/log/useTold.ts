import { useTranslation } from 'react-i18next';
import type { LogEntry } from '#contracts/log';
import { LANGUAGE_NAMES } from '../../app/preferences.js';
import { useMoment } from '../../app/useMoment.js';
import { useMoney } from '../../app/useMoney.js';
import { useStatuses } from '../status/status.queries.js';
import { useNames } from '../user/user.queries.js';

/** Which texts name the fields of an entry, first those of its own resource. */
const NAMERS = ['customer', 'contact', 'purchase', 'payment', 'quote', 'product', 'delegation', 'people', 'settings'];
/** The texts that may name a value, by its field. */
const CHOICES: Record<string, (word: string) => string[]> = {
  kind: (word) => [`reminder.kinds.${word}`, `catalogue.kinds.${word}`, `digest.kinds.${word}`],
  method: (word) => [`payment.methods.${word}`],
  role: (word) => [`role.${word}`],
  scope: (word) => [`delegation.scopes.${word}`],
  state: (word) => [`quote.states.${word}`, `reminder.states.${word}`],
  type: (word) => [`settings.types.${word}`],
};
const MONEY = /^(amount|total|payable|paid|balance|unitPrice|guidePrice|annualFee)$/;
const MOMENT = /^\d{4}-\d\d-\d\dT/;

const isEmpty = (value: unknown) =>
  value === null || value === undefined || value === '' || ['{}', '[]'].includes(JSON.stringify(value));

/** Tells what was changed, from what to what, or what an entry of the log holds besides; ids tell a reader nothing. */
export function useTold(): (entry: LogEntry) => string {
  const { t, i18n } = useTranslation();
  const [money, moment, nameOf, statuses] = [useMoney(), useMoment(), useNames(), useStatuses()];
  const text = (keys: string[], otherwise: string) =>
    i18n.t(keys.find((key) => typeof i18n.getResource(i18n.language, 'translation', key) === 'string') ?? '', {
      defaultValue: otherwise,
    });
  const fieldName = (resource: string, field: string) =>
    text([`log.fields.${field}`, ...[resource, ...NAMERS].map((one) => `${one}.${field}`)], field);

  const shown = (resource: string, field: string, value: unknown): string => {
    if (isEmpty(value)) return '—';
    if (typeof value === 'boolean') return t(value ? 'log.yes' : 'log.no');
    if (Array.isArray(value)) return value.map((one) => shown(resource, field, one)).join(', ');
    if (typeof value !== 'string' && typeof value !== 'number') return told(resource, Object.entries(value ?? {}));
    const word = String(value);
    if (field === 'statusId') return statuses.find(({ id }) => id === word)?.name ?? '…';
    if (/(owner|delegate|user|ById)(Id)?$/i.test(field) && /^[0-9a-f-]{36}$/.test(word)) return nameOf(word);
    if (field === 'language') return LANGUAGE_NAMES[word as 'en'] ?? word;
    if (MONEY.test(field)) return money(word);
    if (MOMENT.test(word)) return moment(word);
    return text(CHOICES[field]?.(word) ?? [], word);
  };
  const told = (resource: string, parts: [string, unknown][]): string =>
    parts
      .filter(
        ([field, value]) => !isEmpty(value) && (!/Ids?$/.test(field) || /^(owner|delegate|user|status)Id$/.test(field)),
      )
      .map(([field, value]) => `${fieldName(resource, field)} ${shown(resource, field, value)}`)
      .join(' · ');

  return ({ resource, action, changes, details }) => {
    if (changes.length === 0) return told(resource, Object.entries(details));
    // Of something new there is nothing that it was before.
    if (action === 'created')
      return told(
        resource,
        changes.map(({ field, to }) => [field, to]),
      );
    return changes
      .map(
        ({ field, from, to }) =>
          `${fieldName(resource, field)} ${shown(resource, field, from)} → ${shown(resource, field, to)}`,
      )
      .join(' · ');
  };
}
