import { passToWorker } from '../proxy.ts';

export const onRequest = passToWorker;
