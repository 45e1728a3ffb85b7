import { Controller, Get, Header, Inject } from '@nestjs/common';
import { Route } from '../edge/route.js';
import { ROUTE_TABLE, type TableRow } from '../edge/route-table.js';
import { openApi } from './document.js';
import { docsPage } from './docs-page.js';

@Controller('api')
export class OpenApiController {
  private readonly json: string;
  private readonly page: string;

  constructor(@Inject(ROUTE_TABLE) table: TableRow[]) {
    const document = openApi(table);
    this.json = JSON.stringify(document);
    this.page = docsPage(document);
  }

  @Get('openapi.json')
  @Header('content-type', 'application/json; charset=utf-8')
  @Route({ access: 'public', mediaType: 'application/json', undocumented: true, summary: 'The API, for programs' })
  document() {
    return this.json;
  }

  @Get('docs')
  @Header('content-type', 'text/html; charset=utf-8')
  @Route({ access: 'public', mediaType: 'text/html', undocumented: true, summary: 'The API, for people' })
  docs() {
    return this.page;
  }
}
