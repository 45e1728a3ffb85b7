import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.js';
import { MOVED } from '../customer/refreshes.js';
import { markUndone, type Message, type Undo } from './messages.js';
import { useOperation } from './useOperation.js';

const TAKE_BACK: Record<Undo['kind'], (id: string) => Promise<unknown>> = {
  'restore-customer': (customerId) =>
    client.post('/customers/{customerId}/restore', { params: { path: { customerId } } }),
  'undo-transfer': (transferId) => client.post('/transfers/{transferId}/undo', { params: { path: { transferId } } }),
  'undo-hand-over': (handOverId) => client.post('/hand-overs/{handOverId}/undo', { params: { path: { handOverId } } }),
  'revoke-delegation': (delegationId) =>
    client.post('/delegations/{delegationId}/revoke', { params: { path: { delegationId } } }),
};

/** Takes back what a message tells of; that is an operation again, with a message of its own. */
export function useUndo() {
  const { t } = useTranslation();
  return useOperation({
    run: ({ undo }: Message) => (undo ? TAKE_BACK[undo.kind](undo.id) : Promise.resolve()),
    what: ({ what }) => t('message.undoOf', { what }),
    refreshes: MOVED,
    onDone: (_output, { id }) => markUndone(id),
  });
}
