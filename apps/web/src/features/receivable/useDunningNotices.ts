import type { z } from 'zod';
import { ProblemError } from '#client/problem';
import type { issueDunningNotices } from '#contracts/dunning-notices';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.js';
import { fetchFile, printPage, saveFile } from '../../api/files.js';
import { report } from '../message/messages.js';
import { useOperation } from '../message/useOperation.js';

type Issued = z.output<typeof issueDunningNotices.output>;

async function issue(customerIds: string[]): Promise<Issued> {
  const response = await client.session.send(
    new Request('/api/v1/dunning-notices', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ customerIds }),
    }),
  );
  if (!response.ok) throw await ProblemError.of(response);
  return (await response.json()) as Issued;
}

/** Issues the letters that ask for the money, and prints them: one by the printer, many as one PDF. */
export function useDunningNotices() {
  const { t } = useTranslation();
  return useOperation({
    run: async ({ customerIds }: { customerIds: string[]; name: string }) => {
      const issued = await issue(customerIds);
      const [first, ...others] = issued.items;
      if (first && others.length === 0) await printPage(await fetchFile(`/dunning-notices/${first.id}`, 'text/html'));
      if (first && others.length > 0) {
        const ids = issued.items.map(({ id }) => `id=${id}`).join('&');
        saveFile(await fetchFile(`/dunning-notices/combined?${ids}`, 'application/pdf'));
      }
      return issued;
    },
    what: ({ customerIds, name }) => t('notice.did', { name, count: customerIds.length }),
    refreshes: [['dunning-notices'], ['log']],
    onDone: ({ skipped }) => {
      for (const reason of ['nothing-due', 'paused'] as const) {
        const count = skipped.filter((one) => one.reason === reason).length;
        if (count > 0) report({ ok: false, what: t('notice.skipped', { count }), reason: t(`notice.${reason}`) });
      }
    },
  });
}
