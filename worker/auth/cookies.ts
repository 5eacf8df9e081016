import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { type SessionTokens, sessionSeconds } from './sessions.ts';
import { accessSeconds } from './tokens.ts';

/**
 * `__Host-`: browsers take such a cookie from this very host only. No page of a neighbouring subdomain can put its own
 * session in a visitor's browser. https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-the-__host-prefix
 */
const cookie = (name: string, maxAge: number) =>
  ({
    name: `__Host-${name}`,
    options: { path: '/', maxAge, httpOnly: true, secure: true, sameSite: 'Strict' },
  }) as const;

const access = cookie('pharos_session', accessSeconds);
/** How long browsers keep a cookie at most. */
const deviceSeconds = 400 * 24 * 60 * 60;
const device = cookie('pharos_device', deviceSeconds);
const refresh = cookie('pharos_refresh', sessionSeconds);

export const accessCookie = (c: Context) => getCookie(c, access.name);
export const refreshCookie = (c: Context) => getCookie(c, refresh.name);

export const deviceCookie = (c: Context) => getCookie(c, device.name);

/** Stays when somebody signs out: it lets the owner of the account in while others guess the password. */
export const setDeviceCookie = (c: Context, token: string) => setCookie(c, device.name, token, device.options);

export const setSessionCookies = (c: Context, { accessToken, refreshToken }: SessionTokens) => {
  setCookie(c, access.name, accessToken, access.options);
  if (refreshToken) setCookie(c, refresh.name, refreshToken, refresh.options);
};

export const clearSessionCookies = (c: Context) => {
  deleteCookie(c, access.name, access.options);
  deleteCookie(c, refresh.name, refresh.options);
};
