import { negotiateMedia } from './media.js';

const OFFERED = ['application/json', 'text/html', 'application/pdf'] as const;

it.each([
  [undefined, 'application/json'],
  ['*/*', 'application/json'],
  ['application/pdf', 'application/pdf'],
  ['Text/HTML', 'text/html'],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'text/html'],
  ['application/json;q=0.5, application/pdf;q=0.9, text/*;q=0.7', 'application/pdf'],
  ['application/json;q=0, */*', 'text/html'],
  ['image/png', 'application/json'],
  ['text/*', 'text/html'],
  ['application/*;q=x, text/html;q=0.1', 'text/html'],
])('of %j it takes %s', (header, type) => expect(negotiateMedia(header, OFFERED)).toBe(type));
