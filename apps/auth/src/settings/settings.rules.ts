import { can } from '#access/permissions';
import type { Actor } from '#contracts/context';
import { forbidden } from '#contracts/errors';
import type { Settings } from '#contracts/settings';

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

/** There is one of them. */
const AGGREGATE = 'settings';

/** The settings as the other services learn of them. */
export const stateOf = ({ version, ...data }: KeptSettings) => ({ aggregateId: AGGREGATE, version, data });
