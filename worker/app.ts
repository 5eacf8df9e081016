import { Hono } from 'hono';
import type { ApiEnv } from './api/context.ts';

export const app = new Hono<ApiEnv>();
