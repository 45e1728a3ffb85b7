import { queryOptions } from '@tanstack/react-query';
import type { components } from '#client/schema';
import { client } from '../../api/client.js';

export type OwnersArrears = NonNullable<components['schemas']['ArrearsSummary']['owners']>[number];

export const arrearsByOwnerQuery = (asOf?: string) =>
  queryOptions({
    queryKey: ['arrears', 'by-owner', asOf],
    queryFn: ({ signal }) => client.get('/arrears/summary', { params: { query: { asOf, groupBy: 'owner' } }, signal }),
  });
