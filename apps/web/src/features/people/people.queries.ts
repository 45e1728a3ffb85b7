import { infiniteQueryOptions } from '@tanstack/react-query';
import type { components } from '#client/schema';
import { Role } from '#contracts/context';
import { client } from '../../api/client.js';
import { paged } from '../../api/paged.js';

export type User = components['schemas']['User'];
export const ROLES = Role.options;

export const usersQuery = (filter: { q?: string; active?: boolean; teamId?: string }) =>
  infiniteQueryOptions({
    queryKey: ['users', 'list', filter],
    queryFn: ({ pageParam, signal }) =>
      client.get('/users', { params: { query: { ...filter, limit: 100, cursor: pageParam } }, signal }),
    ...paged,
  });
