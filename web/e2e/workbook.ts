/** A workbook of text and numbers as the bytes of an .xlsx: a zip archive whose parts are stored as they are. */

import { crc32 } from "node:zlib";

const TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;

export type Sheets = Readonly<Record<string, readonly (readonly (string | number)[])[]>>;

export function workbook(sheets: Sheets): Buffer {
  const names = Object.keys(sheets);
  const xml = (body: string): string => `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>${body}`;
  const sheetParts = names.map((name, index): [string, string] => [`xl/worksheets/sheet${index + 1}.xml`, xml(sheet(sheets[name] ?? []))]);
  const overrides = sheetParts.map(([path]) => `<Override PartName="/${path}" ContentType="${TYPES}.worksheet+xml"/>`).join("");
  const entries = names.map((name, index) => `<sheet name="${name}" sheetId="${index + 1}" r:id="r${index + 1}"/>`).join("");
  const relations = names.map((_, index) => `<Relationship Id="r${index + 1}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`).join("");
  return archive([
    ["[Content_Types].xml", xml(`<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPES}.sheet.main+xml"/>${overrides}</Types>`)],
    ["_rels/.rels", xml(`<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="r1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`)],
    ["xl/workbook.xml", xml(`<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${entries}</sheets></workbook>`)],
    ["xl/_rels/workbook.xml.rels", xml(`<Relationships xmlns="${PACKAGE}/relationships">${relations}</Relationships>`)],
    ...sheetParts,
  ]);
}

function sheet(rows: Sheets[string]): string {
  const written = rows.map((row, at) => `<row r="${at + 1}">${row.map((value, column) => cell(value, `${String.fromCharCode(65 + column)}${at + 1}`)).join("")}</row>`);
  return `<worksheet xmlns="${MAIN}"><sheetData>${written.join("")}</sheetData></worksheet>`;
}

function cell(value: string | number, place: string): string {
  return typeof value === "number" ? `<c r="${place}"><v>${value}</v></c>` : `<c r="${place}" t="inlineStr"><is><t>${value}</t></is></c>`;
}

function archive(parts: readonly (readonly [string, string])[]): Buffer {
  const [files, directory]: [Buffer[], Buffer[]] = [[], []];
  let at = 0;
  for (const [path, text] of parts) {
    const [name, data] = [Buffer.from(path), Buffer.from(text)];
    const shared = sharedHeader(data, name.length);
    const local = Buffer.concat([number32(LOCAL), shared, name, data]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    directory.push(number32(CENTRAL), number16(VERSION), shared, place, name);
    files.push(local);
    at += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...files, central, end]);
}

/** What a file's own header and the directory both say: stored, no date, its sum and its sizes. */
function sharedHeader(data: Buffer, nameLength: number): Buffer {
  const header = Buffer.alloc(26);
  header.writeUInt16LE(VERSION, 0);
  header.writeUInt32LE(crc32(data), 10);
  header.writeUInt32LE(data.length, 14);
  header.writeUInt32LE(data.length, 18);
  header.writeUInt16LE(nameLength, 22);
  return header;
}

function number32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function number16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}
