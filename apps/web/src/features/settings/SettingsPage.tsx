import { useQuery } from '@tanstack/react-query';
import { CustomFieldsPanel } from './CustomFieldsPanel.js';
import { OrganisationPanel } from './OrganisationPanel.js';
import { organisationQuery } from './useOrganisation.js';
import './SettingsPage.css';

/** What holds for the whole organisation, and what it keeps of customers beside the usual fields. */
export function Component() {
  const { data: settings } = useQuery(organisationQuery);
  return (
    <div className="panels panels-settings">
      {/* Another version is another form: what somebody else has saved is what one goes on from. */}
      {settings ? <OrganisationPanel key={settings.version} settings={settings} /> : <div />}
      <CustomFieldsPanel />
    </div>
  );
}
