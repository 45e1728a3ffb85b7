import { useQuery } from '@tanstack/react-query';
import { organisationQuery } from '../features/settings/useOrganisation.js';
import { dayIn } from './clock.js';

/** The business day that it is for the organisation, `YYYY-MM-DD`; until its zone is known, the day that it is here. */
export function useToday(): string {
  const { data } = useQuery(organisationQuery);
  return dayIn(data?.zone);
}
