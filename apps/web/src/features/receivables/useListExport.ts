import { useTranslation } from 'react-i18next';
import { fetchFile, saveFile } from '../../api/files.js';
import { report } from '../message/messages.js';
import { useOperation } from '../message/useOperation.js';

export const TYPES = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;

export type ExportedList = 'arrears' | 'service-fees' | 'reminders' | 'audit';

/** A list as a file, with the filters that it is shown with; what the user may not take away is left out. */
export function useListExport(list: ExportedList, filter: object) {
  const { t } = useTranslation();
  return useOperation({
    run: async (format: keyof typeof TYPES) => {
      const query = new URLSearchParams({ format });
      for (const [name, value] of Object.entries(filter)) if (value !== undefined) query.set(name, String(value));
      const file = await fetchFile(`/${list}/export?${query}`, TYPES[format]);
      saveFile(file);
      return Number(file.response.headers.get('x-rows-excluded') ?? 0);
    },
    what: () => t(`exports.did.${list}`),
    refreshes: [],
    onDone: (excluded) => {
      if (excluded > 0) report({ ok: true, what: t('exports.without', { count: excluded }) });
    },
  });
}
