import { createUniqueId, For } from 'solid-js';
import { normalizeRegions, type Region, regionNames, regions } from '../../../../worker/domain/checks/region.ts';
import { FieldNotes } from '../../ui/Field.tsx';

/** The regions as a group of checkboxes. */
export const RegionChoice = (props: {
  chosen: Region[];
  error: string | undefined;
  onChange: (chosen: Region[]) => void;
}) => {
  const id = createUniqueId();
  const toggle = (region: Region, on: boolean) =>
    props.onChange(normalizeRegions(on ? [...props.chosen, region] : props.chosen.filter((r) => r !== region)));
  return (
    <fieldset class="field choices" aria-describedby={props.error ? `${id}-error` : undefined}>
      <legend>Regions</legend>
      <div class="region-choices">
        <For each={regions}>
          {(region) => (
            <label class="check">
              <input
                type="checkbox"
                checked={props.chosen.includes(region)}
                aria-invalid={props.error ? 'true' : undefined}
                onChange={(event) => toggle(region, event.currentTarget.checked)}
              />
              {regionNames[region]}
            </label>
          )}
        </For>
      </div>
      <FieldNotes id={id} error={props.error} />
    </fieldset>
  );
};
