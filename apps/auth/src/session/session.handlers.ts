import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { checkSession, login, logout, logoutAll, refresh } from '#contracts/auth';
import { checkSessions } from '#contracts/live';
import { Call, Handles, Input } from '#messaging/handles';
import { SessionService } from './session.service.js';

@Controller()
export class SessionHandlers {
  constructor(private readonly sessions: SessionService) {}

  @Handles(login)
  login(@Input() input: z.output<typeof login.input>) {
    return this.sessions.login(input);
  }

  @Handles(refresh)
  refresh(@Input() { refreshToken }: z.output<typeof refresh.input>) {
    return this.sessions.refresh(refreshToken);
  }

  @Handles(logout)
  logout(@Call() call: Call) {
    return this.sessions.logout(call);
  }

  @Handles(logoutAll)
  logoutAll(@Call() call: Call) {
    return this.sessions.logoutAll(call);
  }

  @Handles(checkSession)
  check(@Input() { sessionId }: z.output<typeof checkSession.input>) {
    return this.sessions.check(sessionId);
  }

  @Handles(checkSessions)
  checkMany(@Input() { sessionIds }: z.output<typeof checkSessions.input>) {
    return this.sessions.checkMany(sessionIds);
  }
}
