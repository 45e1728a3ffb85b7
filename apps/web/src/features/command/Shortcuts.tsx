import { Modal } from 'antd';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { spelled, useAllCommands } from './commands.js';
import './Palette.css';

/** The list under `?`: commands by key, and the keys that work in every list. */
export default function Shortcuts({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const commands = useAllCommands().filter(({ keys }) => keys);
  const inLists: [string, string][] = [
    ['↑ ↓', t('command.move')],
    ['Enter', t('command.open')],
    [spelled('space'), t('command.select')],
    [`${spelled('mod+a')}`, t('command.selectAll')],
    ['Shift+F10', t('command.menu')],
    ['Delete', t('command.delete')],
  ];
  return (
    <Modal open title={t('command.shortcuts')} footer={null} onCancel={onClose} width={460}>
      <dl className="shortcuts">
        {commands.map(({ id, keys = '', label }) => (
          <Fragment key={id}>
            <dt>
              <kbd>{spelled(keys)}</kbd>
            </dt>
            <dd>{label}</dd>
          </Fragment>
        ))}
        {inLists.map(([keys, label]) => (
          <Fragment key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{label}</dd>
          </Fragment>
        ))}
      </dl>
    </Modal>
  );
}
