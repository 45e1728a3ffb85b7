import { MoonOutlined, SunOutlined, TranslationOutlined } from '@ant-design/icons';
import { Button, Dropdown, Flex } from 'antd';
import { useTranslation } from 'react-i18next';
import { useLanguageOfMails } from '../features/session/useLanguageOfMails.js';
import { LANGUAGE_NAMES, LANGUAGES, prefer, usePreferences, type Language } from './preferences.js';

export function PreferencesMenu() {
  const { t } = useTranslation();
  const { language, shade } = usePreferences();
  const mails = useLanguageOfMails();
  const speak = (language: Language) => {
    prefer({ language });
    mails.mutate(language);
  };
  const items = LANGUAGES.map((key) => ({ key, label: LANGUAGE_NAMES[key], onClick: () => speak(key) }));
  const shadeName = t(shade === 'dark' ? 'app.light' : 'app.dark');
  return (
    <Flex className="preferences" gap={2}>
      <Dropdown trigger={['click']} menu={{ items, selectedKeys: [language] }}>
        <Button type="text" icon={<TranslationOutlined />} aria-label={t('app.language')} title={t('app.language')} />
      </Dropdown>
      <Button
        type="text"
        icon={shade === 'dark' ? <SunOutlined /> : <MoonOutlined />}
        aria-label={shadeName}
        title={shadeName}
        onClick={() => prefer({ shade: shade === 'dark' ? 'light' : 'dark' })}
      />
    </Flex>
  );
}
