import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** Shows an amount as the language writes it: `1,234.50`. Strings all the way: no amount passes through a float. */
export function useMoney(): (amount: string | undefined) => string {
  const { i18n } = useTranslation();
  return useCallback(
    (amount) => {
      if (amount === undefined) return '';
      const format = new Intl.NumberFormat(i18n.language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
      return format.format(amount as `${number}`);
    },
    [i18n.language],
  );
}
