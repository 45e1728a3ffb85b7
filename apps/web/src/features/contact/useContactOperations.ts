import { ifMatch } from '#client/headers';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { ContactPatch, NewContact } from '#contracts/contacts';
import { client } from '../../api/client.js';
import { useOperation } from '../message/useOperation.js';
import type { Contact } from './contact.queries.js';

const REFRESHES = [['contacts'], ['log']];
const pathOf = ({ customerId, id }: Contact) => ({ customerId, contactId: id });

export function useContactOperations() {
  const { t } = useTranslation();
  return {
    create: useOperation({
      run: ({ customerId, contact }: { customerId: string; contact: z.input<typeof NewContact> }) =>
        client.post('/customers/{customerId}/contacts', { params: { path: { customerId } }, body: contact }),
      what: ({ contact }) => t('contact.did.create', { name: contact.name }),
      refreshes: REFRESHES,
    }),
    update: useOperation({
      run: ({ contact, patch }: { contact: Contact; patch: z.input<typeof ContactPatch> }) =>
        client.patch('/customers/{customerId}/contacts/{contactId}', {
          params: { path: pathOf(contact), header: ifMatch(contact.version) },
          body: patch,
        }),
      what: ({ contact }) => t('contact.did.edit', { name: contact.name }),
      refreshes: REFRESHES,
    }),
    remove: useOperation({
      run: (contact: Contact) =>
        client.delete('/customers/{customerId}/contacts/{contactId}', {
          params: { path: pathOf(contact), header: ifMatch(contact.version) },
        }),
      what: ({ name }) => t('contact.did.delete', { name }),
      refreshes: REFRESHES,
    }),
  };
}
