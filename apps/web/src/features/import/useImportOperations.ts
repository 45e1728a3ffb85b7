import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.js';
import { fetchFile, saveFile } from '../../api/files.js';
import { useOperation } from '../message/useOperation.js';
import type { Import, ImportKind } from './import.queries.js';

interface Upload {
  kind: ImportKind;
  file: File;
  dryRun: boolean;
}

export function useImportOperations() {
  const { t } = useTranslation();
  return {
    upload: useOperation({
      run: ({ kind, file, dryRun }: Upload): Promise<Import> =>
        client.post(`/imports/${kind}`, { params: { query: { dryRun } }, body: { file } as never }),
      what: ({ file, dryRun }) => t(dryRun ? 'imports.did.try' : 'imports.did.import', { name: file.name }),
      refreshes: [],
    }),
    saveErrors: useOperation({
      run: async ({ id }: Import) => saveFile(await fetchFile(`/imports/${id}/errors.csv`, 'text/csv')),
      what: () => t('imports.did.errors'),
      refreshes: [],
    }),
  };
}
