import { Body, Controller, Get, Headers, Param, Post, Query, StreamableFile } from '@nestjs/common';
import type { z } from 'zod';
import * as notices from '#contracts/dunning-notices';
import { Backend } from '../edge/backend.js';
import { From, type Caller } from '../edge/caller.js';
import { negotiateMedia } from '../edge/media.js';
import { Route, V1 } from '../edge/route.js';
import { letterHtml } from '../letters/letter.html.js';
import { Press } from '../letters/press.js';

const SHOWN_AS = ['application/json', 'text/html', 'application/pdf'] as const;

@Controller(`${V1}/dunning-notices`)
export class DunningNoticeController {
  constructor(
    private readonly backend: Backend,
    private readonly press: Press,
  ) {}

  @Post()
  @Route({
    access: 'notices.use',
    body: notices.NewDunningNotices,
    output: notices.issueDunningNotices.output,
    status: 201,
    summary: 'Issue a dunning notice for each of these customers who owes something',
  })
  issue(@Body() body: z.input<typeof notices.NewDunningNotices>, @From() caller: Caller) {
    return this.backend.passScoped(notices.issueDunningNotices, body, caller);
  }

  @Get()
  @Route({
    access: 'notices.use',
    query: notices.DunningNoticeQuery,
    output: notices.listDunningNotices.output,
    summary: 'The register of dunning notices',
  })
  list(@Query() query: z.input<typeof notices.DunningNoticeQuery>, @From() caller: Caller) {
    return this.backend.passScoped(notices.listDunningNotices, query, caller);
  }

  @Get('combined')
  @Route({
    access: 'notices.use',
    query: notices.DunningNoticePrint,
    mediaType: 'application/pdf',
    summary: 'Many dunning notices in one PDF; written down as a print of each',
  })
  async combined(@Query() { id }: z.input<typeof notices.DunningNoticePrint>, @From() caller: Caller) {
    const items = await this.printed([id].flat(), caller);
    return this.pdf(items, items.length === 1 ? items[0]!.number : 'dunning-notices');
  }

  @Get(':noticeId')
  @Route({
    access: 'notices.use',
    output: notices.DunningNotice,
    mediaType: [...SHOWN_AS],
    summary: 'Show a dunning notice, or print it as HTML or PDF, which is written down',
  })
  async get(
    @Param('noticeId') noticeId: string,
    @Headers('accept') accept: string | undefined,
    @From() caller: Caller,
  ) {
    const type = negotiateMedia(accept, SHOWN_AS);
    if (type === 'application/json') return this.backend.passScoped(notices.getDunningNotice, { noticeId }, caller);
    const [notice] = await this.printed([noticeId], caller);
    if (type === 'application/pdf') return this.pdf([notice!], notice!.number);
    return new StreamableFile(Buffer.from(letterHtml(notice!)), { type: 'text/html; charset=utf-8' });
  }

  private async printed(noticeIds: string[], caller: Caller): Promise<notices.DunningNotice[]> {
    return (await this.backend.askScoped(notices.printDunningNotices, { noticeIds }, caller)).items;
  }

  private pdf(items: notices.DunningNotice[], name: string): StreamableFile {
    const disposition = `inline; filename="${name}.pdf"`;
    return new StreamableFile(this.press.print(items), { type: 'application/pdf', disposition });
  }
}
