// In this order: the rest of the worker derives from the first table when it is loaded.
import './inDefinitions.ts';
import { probes } from '../../../../../worker/checks/kinds/probes.ts';
import { probeLine } from './probe.ts';

Object.assign(probes, { line: probeLine });
