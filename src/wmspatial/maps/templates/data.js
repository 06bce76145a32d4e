// The page's data: columns of numbers, texts put together from them, and shapes made of arcs.
(function (wm) {
  "use strict";

  wm.dataOf = function (map) {
    if (!map.wmspatial) {
      map.wmspatial = unpack(wm.inflate(document.getElementById(map.getContainer().id + "-data")));
    }
    return map.wmspatial;
  };

  function unpack(content) {
    var size = content[0] | content[1] << 8 | content[2] << 16 | content[3] << 24;
    var body = content.subarray(4 + size), columns = {};
    return JSON.parse(wm.utf8(content.subarray(4, 4 + size)), function (key, value) {
      if (value && value.$i) return ints(body, value.$i);
      if (value && value.$t) return texts(value.$t, columns);
      return value;
    });
  }

  // Lowest bytes first; as they are, above the lowest number, or as steps with the sign in the last bit.
  function ints(body, given) {
    var at = given[0], count = given[1], out = new Int32Array(count);
    for (var place = 0; place < given[3]; place++) {
      for (var i = 0; i < count; i++) out[i] |= body[at + place * count + i] << 8 * place;
    }
    for (var k = 0, sum = 0; k < count; k++) {
      if (given[4]) out[k] = sum += out[k] >>> 1 ^ -(out[k] & 1);
      else out[k] += given[2];
    }
    return out;
  }

  // Columns get a place for every row, so that any row can be read by itself.
  function texts(packed, columns) {
    var rows = packed.which.length, next = {};
    packed.columns.forEach(function (column) {
      columns[column.id] = column;
      column.list = column.words === undefined ? null : column.words.split("|");
      column.place = new Int32Array(rows);
      next[column.id] = 0;
    });
    for (var i = 0; i < rows; i++) {
      var slots = packed.slots[packed.which[i]];
      for (var k = 0; k < slots.length; k++) {
        if (slots[k] in next) columns[slots[k]].place[i] = next[slots[k]]++;
      }
    }
    packed.all = columns;
    return packed;
  }

  // A sentence is a pattern and the numbers that go into it.
  wm.sentence = function (packed, i) {
    var which = packed.which[i], slots = packed.slots[which];
    return packed.patterns[which].map(function (words, k) {
      return k < slots.length ? words + word(packed.all[slots[k]], i) : words;
    }).join("");
  };

  function word(column, i) {
    var at = column.place[i];
    if (column.list) return column.list[at];
    var most = column.form[0], digits = String(column.ints[at]);
    while (digits.length <= most) digits = "0" + digits;
    var whole = digits.slice(0, digits.length - most), rest = digits.slice(digits.length - most);
    if (column.places) rest = rest.slice(0, column.places[at]);
    while (whole.length < column.form[2]) whole = "0" + whole;
    if (column.form[1]) whole = whole.replace(/\B(?=(\d{3})+$)/g, ",");
    return rest ? whole + "." + rest : whole;
  }

  function ends(counts, more) {
    var out = new Int32Array(counts.length + 1);
    for (var i = 0; i < counts.length; i++) out[i + 1] = out[i] + counts[i] + more;
    return out;
  }

  // Arcs in the world at zoom 0, which is 256 pixels wide; `from` and `to` number their ends.
  wm.topology = function (packed) {
    var count = packed.east.length, x = new Float64Array(count), y = new Float64Array(count);
    var arcs = ends(packed.counts, 1), known = new Map(), half = Math.PI / 360 / packed.scale;
    var from = new Int32Array(packed.counts.length), to = new Int32Array(packed.counts.length);
    function node(east, north) {
      var key = east * 4294967296 + north, found = known.get(key);
      if (found === undefined) known.set(key, found = known.size);
      return found;
    }
    for (var arc = 0, i = 0, east = 0, north = 0; arc < from.length; arc++) {
      for (; i < arcs[arc + 1]; i++) {
        east += packed.east[i];
        north += packed.north[i];
        x[i] = 256 * (east / packed.scale + 180) / 360;
        y[i] = 128 - 128 / Math.PI * Math.log(Math.tan(Math.PI / 4 + north * half));
        if (i === arcs[arc]) from[arc] = node(east, north);
      }
      to[arc] = node(east, north);
    }
    return { x: x, y: y, arcs: arcs, from: from, to: to, nodes: known.size, refs: refs(packed.refs),
      rings: ends(packed.rings, 0), shapes: ringsOf(ends(packed.parts, 0), ends(packed.shapes, 0)) };
  };

  // Where the rings of each shape start: which of them are holes does not matter to drawing.
  function ringsOf(parts, shapes) { return shapes.map(function (part) { return parts[part]; }); }

  // 0 is the next new arc; else how many arcs ago it was new, doubled, less one if taken backwards.
  function refs(codes) {
    var out = new Int32Array(codes.length), count = 0;
    for (var i = 0; i < codes.length; i++) {
      var code = codes[i], arc = count - (code + 1 >> 1);
      out[i] = code === 0 ? count++ : code & 1 ? ~arc : arc;
    }
    return out;
  }
})(window.wmspatial);
