import type { Settings } from '#contracts/settings';
import { changesTo, filledIn } from '../../widgets/changes.rules.js';

export type Values = Omit<Settings, 'zone' | 'version'>;

export const LETTERHEAD = ['address', 'phone', 'email', 'taxId', 'bank', 'account'] as const;
export const MAIL = ['from', 'replyTo'] as const;
export const DAYS = ['holidays', 'extraWorkingDays'] as const;

/** What can be edited of it. */
export const valuesOf = ({ zone: _zone, version: _version, ...values }: Settings): Values => values;

/** What the form changes. Of what consists of several fields all are sent together; those that are empty aren't there. */
export const patchOf = (before: Settings, values: Values) =>
  changesTo(before, { ...values, letterhead: filledIn(values.letterhead), mail: filledIn(values.mail) });
