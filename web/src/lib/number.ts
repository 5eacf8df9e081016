/** The number that was typed, with a decimal comma or point; NaN where it is none. */
export const numberOf = (text: string) => (text.trim() === '' ? Number.NaN : Number(text.replace(',', '.')));
