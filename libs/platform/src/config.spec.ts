import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { baseConfig, databaseConfig, loadConfig } from './config.js';

const schema = z.object({ ...baseConfig, ...databaseConfig });

it('names every fault of the environment at once', () => {
  expect(() => loadConfig(schema, { HFX_ORG_TIME_ZONE: 'Mars/Olympus' })).toThrow(
    /SERVICE_NAME[\s\S]*NATS_URL[\s\S]*HEALTH_PORT[\s\S]*HFX_ORG_TIME_ZONE[\s\S]*DATABASE_URL/,
  );
});

it('fills in what has a default', () => {
  const env = { SERVICE_NAME: 'sales', NATS_URL: 'nats://x', HEALTH_PORT: '0', DATABASE_URL: 'postgres://x' };
  expect(loadConfig(schema, env)).toMatchObject({
    HFX_ORG_TIME_ZONE: 'Asia/Shanghai',
    HEALTH_PORT: 0,
    DATABASE_POOL: 10,
  });
});

it('reads a secret from the file that is named, and tells when there is none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hongfuxing-config-'));
  const file = join(folder, 'database-url');
  const env = { SERVICE_NAME: 'sales', NATS_URL: 'nats://x', HEALTH_PORT: '0', DATABASE_URL_FILE: file };
  try {
    expect(() => loadConfig(schema, env)).toThrow(file);
    writeFileSync(file, 'postgres://from-a-file\n');
    expect(loadConfig(schema, env).DATABASE_URL).toBe('postgres://from-a-file');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
