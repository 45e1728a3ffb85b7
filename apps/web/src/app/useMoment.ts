import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** Shows a point in time to the minute, as the language writes it. */
export function useMoment(): (timestamp: string) => string {
  const { i18n } = useTranslation();
  return useCallback(
    (timestamp) =>
      new Intl.DateTimeFormat(i18n.language, { dateStyle: 'short', timeStyle: 'short', hourCycle: 'h23' }).format(
        new Date(timestamp),
      ),
    [i18n.language],
  );
}
