import { queryOptions } from '@tanstack/react-query';
import type { Permission } from '#access/permissions';
import type { components } from '#client/schema';
import { client } from '../../api/client.js';

export type Import = components['schemas']['Import'];
export type ImportKind = components['schemas']['ImportKind'];

/** What each kind needs, as the API asks for it. */
export const KINDS: Record<ImportKind, Permission> = {
  customers: 'customers.import',
  products: 'products.manage',
  purchases: 'purchases.write',
  payments: 'payments.write',
};
const ASKED_EVERY = 1_000;

export const running = ({ state }: Import): boolean => state === 'queued' || state === 'running';

/** How an import stands; asked again until it has ended. */
export const importQuery = (importId: string) =>
  queryOptions({
    queryKey: ['imports', importId],
    queryFn: ({ signal }) => client.get('/imports/{importId}', { params: { path: { importId } }, signal }),
    refetchInterval: ({ state }) => (state.data && !running(state.data) ? false : ASKED_EVERY),
  });
