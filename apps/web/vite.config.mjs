import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const root = join(import.meta.dirname, '../..');
const library = (name) => ({
  find: new RegExp(`^#${name}/(.*)$`),
  replacement: join(root, 'libs', name, 'src/$1.ts'),
});

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  resolve: { alias: ['contracts', 'access', 'client'].map(library) },
  build: {
    outDir: join(root, 'dist/web'),
    emptyOutDir: true,
    // Read by scripts/web.mjs: which files the first page needs.
    manifest: true,
    // Baseline of what is in use: top-level await, and Safari as of 2022.
    target: ['es2022', 'safari16'],
    // Inlined files would need an exception in the content security policy.
    assetsInlineLimit: 0,
  },
  server: { proxy: { '/api': `http://localhost:${process.env.PORT ?? 3000}` } },
});
