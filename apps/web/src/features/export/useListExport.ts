import { useTranslation } from 'react-i18next';
import { fetchFile, printPage, saveFile } from '../../api/files.js';
import { report } from '../message/messages.js';
import { useOperation } from '../message/useOperation.js';

const TYPES = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  html: 'text/html',
} as const;
export type Format = keyof typeof TYPES;

export type ExportedList = 'customers' | 'arrears' | 'service-fees' | 'reminders' | 'audit';

/** A list as a file or for the printer, with the filters that it is shown with; what the user may not take away is left out. */
export function useListExport(list: ExportedList, filter: object) {
  const { t } = useTranslation();
  return useOperation({
    run: async (format: Format) => {
      const query = new URLSearchParams({ format });
      for (const [name, value] of Object.entries(filter)) if (value !== undefined) query.set(name, String(value));
      const file = await fetchFile(`/${list}/export?${query}`, TYPES[format]);
      if (format === 'html') await printPage(file);
      else saveFile(file);
      return Number(file.response.headers.get('x-rows-excluded') ?? 0);
    },
    what: (format) => (format === 'html' ? t('exports.printed') : t(`exports.did.${list}`)),
    refreshes: [],
    onDone: (excluded) => {
      if (excluded > 0) report({ ok: true, what: t('exports.without', { count: excluded }) });
    },
  });
}
