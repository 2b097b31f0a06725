// What lies inside a file that is a container of others: a package of Office or OpenDocument (a ZIP archive), or a
// compound file of Word 97 and Outlook. Read as far as it takes to tell what the file is. Sources: PKWARE's
// APPNOTE.TXT, 4.3; Microsoft's [MS-CFB], 2.
"use strict";
(() => {
  const END_OF_DIRECTORY = 0x06054b50;
  const DIRECTORY_ENTRY = 0x02014b50;
  const LOCAL_ENTRY = 0x04034b50;
  const LONGEST_COMMENT = 65535;
  const MOST_BYTES_OF_TYPES = 1000000;
  const STORED = 0;

  // This browser lacks what it takes, or the archive is of a kind that is not read here.
  class CannotTell extends Error {}

  const viewOf = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

  function endOfDirectory(view) {
    const last = view.byteLength - 22;
    for (let at = last; at >= 0 && at >= last - LONGEST_COMMENT; at -= 1) {
      if (view.getUint32(at, true) === END_OF_DIRECTORY) {
        return at;
      }
    }
    throw new Error("The archive has no directory.");
  }

  function* directory(bytes, view) {
    const end = endOfDirectory(view);
    let at = view.getUint32(end + 16, true);
    if (at === 0xffffffff) {
      throw new CannotTell("An archive of over four gigabytes, or written as one.");
    }
    // As many as there are: what a damaged archive says of their number is not believed.
    while (at + 46 <= end && view.getUint32(at, true) === DIRECTORY_ENTRY) {
      const length = view.getUint16(at + 28, true);
      const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + length));
      yield {
        name: name.replaceAll("\\", "/").replace(/^\/+/, "").toLowerCase(),
        method: view.getUint16(at + 10, true),
        size: view.getUint32(at + 20, true),
        local: view.getUint32(at + 42, true),
      };
      at += 46 + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    }
  }

  async function inflated(packed) {
    if (!("DecompressionStream" in window)) {
      throw new CannotTell("This browser does not unpack.");
    }
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    const reader = stream.getReader();
    const pieces = [];
    let size = 0;
    for (let piece = await reader.read(); !piece.done && size < MOST_BYTES_OF_TYPES; piece = await reader.read()) {
      pieces.push(piece.value);
      size += piece.value.length;
    }
    await reader.cancel();
    return new Uint8Array(await new Blob(pieces).arrayBuffer()).subarray(0, MOST_BYTES_OF_TYPES);
  }

  // { names, text(name) } of the archive; the text of a member that is not there is empty.
  async function membersOfPackage(bytes) {
    const view = viewOf(bytes);
    const members = new Map();
    for (const member of directory(bytes, view)) {
      members.set(member.name, member);
    }
    const text = async (name) => {
      const member = members.get(name);
      if (!member) {
        return "";
      }
      if (view.getUint32(member.local, true) !== LOCAL_ENTRY) {
        throw new Error("The archive's directory leads nowhere.");
      }
      const start =
        member.local + 30 + view.getUint16(member.local + 26, true) + view.getUint16(member.local + 28, true);
      const packed = bytes.subarray(start, start + member.size);
      return new TextDecoder().decode(member.method === STORED ? packed : await inflated(packed));
    };
    return { names: [...members.keys()], text };
  }

  const NO_MORE = 0xfffffffa; // and whatever is above it
  const FIRST_TABLES = 109; // sectors of the allocation table that the header names itself

  // The names at the root of a compound file.
  function entriesOfCompound(bytes) {
    const view = viewOf(bytes);
    const sectorSize = 2 ** view.getUint16(30, true);
    const offset = (sector) => (sector + 1) * sectorSize;
    const perSector = sectorSize / 4;
    const tables = [];
    for (let place = 0; place < FIRST_TABLES; place += 1) {
      tables.push(view.getUint32(76 + 4 * place, true));
    }
    let more = view.getUint32(68, true);
    while (more < NO_MORE && tables.length < bytes.length / sectorSize) {
      for (let place = 0; place < perSector - 1; place += 1) {
        tables.push(view.getUint32(offset(more) + 4 * place, true));
      }
      more = view.getUint32(offset(more) + 4 * (perSector - 1), true);
    }
    const after = (sector) =>
      view.getUint32(offset(tables[Math.floor(sector / perSector)]) + 4 * (sector % perSector), true);
    const starts = [];
    for (let sector = view.getUint32(48, true); sector < NO_MORE; sector = after(sector)) {
      if (starts.length > bytes.length / sectorSize) {
        throw new Error("The directory goes in a circle.");
      }
      starts.push(offset(sector));
    }
    const each = sectorSize / 128;
    const entry = (id) => starts[Math.floor(id / each)] + 128 * (id % each);
    const names = new Set();
    const waiting = [view.getUint32(entry(0) + 76, true)];
    while (waiting.length > 0 && names.size < 10000) {
      const id = waiting.pop();
      if (id < NO_MORE) {
        const at = entry(id);
        const length = Math.max(0, view.getUint16(at + 64, true) - 2);
        const name = new TextDecoder("utf-16le").decode(bytes.subarray(at, at + Math.min(length, 62)));
        if (!names.has(name)) {
          names.add(name);
          waiting.push(view.getUint32(at + 68, true), view.getUint32(at + 72, true));
        }
      }
    }
    return names;
  }

  window.carequality.containers = { CannotTell, membersOfPackage, entriesOfCompound };
})();
