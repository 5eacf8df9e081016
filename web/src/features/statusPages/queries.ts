import { api } from '../../app/cache/api.ts';
import { paged, question } from '../../app/cache/query.ts';

export const statusPagesQuery = () =>
  paged({
    queryKey: ['status-pages', 'list'],
    identity: ['id', 'monitorId'],
    queryFn: ({ pageParam }) => api.statusPages(pageParam),
  });

export const statusPageQuery = (id: string) =>
  question({ queryKey: ['status-pages', id], identity: ['id', 'monitorId'], queryFn: () => api.statusPage(id) });
