import { Input, Modal, type InputRef } from 'antd';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { spelled, useAllCommands } from './commands.js';
import './Palette.css';

/** Every command that can be given now, found by typing. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const commands = useAllCommands();
  const [sought, setSought] = useState('');
  const [at, setAt] = useState(0);
  const input = useRef<InputRef>(null);
  const words = sought.trim().toLowerCase().split(/\s+/);
  const found = commands.filter(
    (command) => command.id !== 'palette' && words.every((word) => command.label.toLowerCase().includes(word)),
  );
  const current = Math.min(at, Math.max(0, found.length - 1));
  useEffect(() => input.current?.focus(), []);
  useEffect(() => {
    // Newer browsers give a promise here, which an effect must not return.
    void document.getElementById(`${id}-${current}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, current]);

  const give = (index: number) => {
    onClose();
    found[index]?.run();
  };
  const keyed = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown') setAt(Math.min(found.length - 1, current + 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(0, current - 1));
    else if (event.key === 'Enter') give(current);
    else return;
    event.preventDefault();
  };
  return (
    <Modal
      open
      onCancel={onClose}
      footer={null}
      closable={false}
      width={520}
      style={{ top: 80 }}
      title={t('command.palette')}
      styles={{ header: { display: 'none' } }}
    >
      <Input
        ref={input}
        size="large"
        variant="borderless"
        role="combobox"
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={found.length > 0 ? `${id}-${current}` : undefined}
        aria-label={t('command.palette')}
        placeholder={t('command.sought')}
        value={sought}
        onChange={({ target }) => {
          setSought(target.value);
          setAt(0);
        }}
        onKeyDown={keyed}
      />
      <ul id={`${id}-list`} role="listbox" aria-label={t('command.palette')} className="palette" tabIndex={-1}>
        {found.map((command, index) => (
          <li
            key={command.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === current}
            onPointerMove={() => setAt(index)}
            onClick={() => give(index)}
          >
            <span>{command.label}</span>
            {command.keys && <kbd>{spelled(command.keys)}</kbd>}
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="quiet">{t('command.none')}</p>}
    </Modal>
  );
}
