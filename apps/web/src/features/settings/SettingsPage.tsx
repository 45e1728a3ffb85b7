import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Settings } from '#contracts/settings';
import { CustomFieldsPanel } from './CustomFieldsPanel.js';
import { OrganisationPanel } from './OrganisationPanel.js';
import { organisationQuery } from './useOrganisation.js';
import './SettingsPage.css';

/** What holds for the whole organisation, and what it keeps of customers beside the usual fields. */
export function Component() {
  const { data } = useQuery(organisationQuery);
  /** What somebody is typing over: others may save meanwhile, and he keeps what he typed. */
  const [held, setHeld] = useState<Settings>();
  const settings = held ?? data;
  return (
    <div className="panels panels-settings">
      {/* Another version is another form. */}
      {settings ? (
        <OrganisationPanel
          key={settings.version}
          settings={settings}
          onTyping={() => setHeld(settings)}
          onSaved={() => setHeld(undefined)}
        />
      ) : (
        <div />
      )}
      <CustomFieldsPanel />
    </div>
  );
}
