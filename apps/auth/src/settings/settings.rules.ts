import { isDeepStrictEqual } from 'node:util';
import { can } from '#access/permissions';
import type { Actor } from '#contracts/context';
import { forbidden } from '#contracts/errors';
import type { Settings, SettingsPatch } from '#contracts/settings';

/** The settings as they are kept: the zone is the environment's. */
export type KeptSettings = Omit<Settings, 'zone'>;

/** What holds until the administrator changes something. The other services take the same for granted. */
export const usualSettings = (currency: string): KeptSettings => ({
  organisationName: 'Hongfuxing',
  letterhead: {},
  currency,
  paymentTermDays: 0,
  serviceFeeLead: 'P1M',
  calendar: { workingDays: [1, 2, 3, 4, 5], holidays: [], extraWorkingDays: [] },
  mail: {},
  version: 1,
});

/** The gateway has asked this already; what letters and dates go by is worth asking twice. Errors: `forbidden/…`. */
export function assertManagesSettings(actor: Actor): void {
  if (!can(actor, 'settings.manage')) throw forbidden();
  if (actor.mustChangePassword) throw forbidden('password-change-required');
}

/** What a patch makes different, each field as a whole. */
export const changesBy = (patch: SettingsPatch, before: KeptSettings) =>
  Object.entries(patch)
    .map(([field, to]) => ({ field, from: before[field as keyof SettingsPatch], to }))
    .filter(({ from, to }) => !isDeepStrictEqual(from, to));

/** There is one of them. */
const AGGREGATE = 'settings';

/** The settings as the other services learn of them. */
export const stateOf = ({ version, ...data }: KeptSettings, changes: ReturnType<typeof changesBy> = []) => ({
  aggregateId: AGGREGATE,
  version,
  data: { ...data, changes },
});
