import { readFileSync } from 'node:fs';

interface Locked {
  license?: string;
  dev?: boolean;
  link?: boolean;
}

const ALLOWED = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'MIT-0', 'OFL-1.1', 'Unlicense'];
/** They name none in their manifest, but have a LICENSE file. */
const READ_BY_HAND = { 'node_modules/png-js': 'MIT' };

it('depends at run time only on what may be passed on with the product', () => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> };
  const shipped = Object.entries(packages).filter(
    ([path, { dev, link }]) => path.startsWith('node_modules/') && !dev && !link,
  );
  const licences = shipped.map(([path, { license }]): [path: string, licence: string] => [
    path,
    license ?? READ_BY_HAND[path as keyof typeof READ_BY_HAND] ?? 'none',
  ]);
  expect(licences.length).toBeGreaterThan(100);
  expect(licences.filter(([, licence]) => !licence.split(' AND ').every((one) => ALLOWED.includes(one)))).toEqual([]);
});
