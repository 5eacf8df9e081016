/** With a change the dashboard names the object whose page asks for it (`mon_…`), as the address of that page does. */
export const shownForHeader = 'pharos-shown-for';
