// Blocks of cells as spreadsheets put them on the clipboard: tabs between cells, lines between rows, and
// quotes around a cell that holds a tab, a line break or a quote.
export function parse(text) {
  const rows = [[]];
  const source = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  let at = 0;
  while (at <= source.length) {
    let cell = "";
    const closing = source[at] === '"' ? closingQuote(source, at + 1) : -1;
    if (closing > 0) {
      cell = source.slice(at + 1, closing).replaceAll('""', '"');
      at = closing + 1;
    } else {
      const end = source.slice(at).search(/[\t\n]/);
      cell = end < 0 ? source.slice(at) : source.slice(at, at + end);
      at += cell.length;
    }
    rows.at(-1).push(cell);
    if (source[at] === "\n") rows.push([]);
    at += 1;
  }
  return rows;
}

// Where the quote that opens a cell closes; -1 when it is only a quote of the text.
function closingQuote(source, from) {
  let at = from;
  while (at < source.length) {
    if (source[at] !== '"') at += 1;
    else if (source[at + 1] === '"') at += 2;
    else return at + 1 >= source.length || /[\t\n]/.test(source[at + 1]) ? at : -1;
  }
  return -1;
}

export function format(rows) {
  const quoted = (text) => (/[\t\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map(quoted).join("\t")).join("\n");
}
