/** A monitor's names: `id` in API and objects, `number` in ticks and messages. */
export interface MonitorRef {
  id: string;
  number: number;
  teamId: string;
}
