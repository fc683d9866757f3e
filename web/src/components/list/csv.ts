/** CSV as Russian Excel opens it by a double click: semicolons, CRLF, a byte order mark. */
export function toCsv(rows: readonly (readonly string[])[]): string {
  return `\uFEFF${rows.map((row) => row.map(cell).join(';')).join('\r\n')}\r\n`;
}

/** Text that a spreadsheet would run as a formula is led by an apostrophe; phones (+7 …) stay readable as text that way too. */
function cell(text: string): string {
  const safe = /^[\s]*[=+\-@\t\r]/.test(text) && !/^-?\d+([.,]\d+)?$/.test(text) ? `'${text}` : text;
  return /[";\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
