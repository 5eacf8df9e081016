import { definitions } from '../../../../../worker/checks/kinds/definitions.ts';
import { line } from './definition.ts';

Object.assign(definitions, { line });
