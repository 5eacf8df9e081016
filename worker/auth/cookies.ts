import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { type SessionTokens, sessionSeconds } from './sessions.ts';
import { accessSeconds } from './tokens.ts';

const access = {
  name: 'pharos_session',
  options: { path: '/', maxAge: accessSeconds, httpOnly: true, secure: true, sameSite: 'Strict' },
} as const;

/** Sent only to where it is used, so that it travels rarely. */
const refresh = {
  name: 'pharos_refresh',
  options: { path: '/api/v1/auth', maxAge: sessionSeconds, httpOnly: true, secure: true, sameSite: 'Strict' },
} as const;

export const accessCookie = (c: Context) => getCookie(c, access.name);
export const refreshCookie = (c: Context) => getCookie(c, refresh.name);

export const setSessionCookies = (c: Context, { accessToken, refreshToken }: SessionTokens) => {
  setCookie(c, access.name, accessToken, access.options);
  if (refreshToken) setCookie(c, refresh.name, refreshToken, refresh.options);
};

export const clearSessionCookies = (c: Context) => {
  deleteCookie(c, access.name, access.options);
  deleteCookie(c, refresh.name, refresh.options);
};
