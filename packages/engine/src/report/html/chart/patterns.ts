import { html } from '../html.ts';

/** Hatchings that charts refer to: once a page, because ids are unique. */
export const patterns = html`<svg class="patterns" width="0" height="0" aria-hidden="true"><defs>
<pattern id="no-data" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch" d="M0 0V6"/></pattern>
<pattern id="error" width="7" height="7" patternUnits="userSpaceOnUse"><path class="cross" d="M0 0 7 7M7 0 0 7"/></pattern>
</defs></svg>`;
