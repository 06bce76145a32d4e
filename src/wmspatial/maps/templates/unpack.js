// Reads what the page carries compressed: letters of base 85, and in them a raw deflate stream
// (RFC 1951). It runs at once and in any browser; those that unpack for themselves do it only
// later, when scripts that others added to the page have already asked for the map.
window.wmspatial = window.wmspatial || {};
(function (wm) {
  "use strict";

  var LETTERS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ!#$%()*+,-./:;=?@[]^_|~";
  var ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
  // Lengths and distances of what is repeated: the least of each code, and its extra bits.
  var LENGTHS = steps(3, 28, 4), DISTANCES = steps(1, 30, 2);

  function steps(from, count, each) {
    var least = [], extra = [], value = from;
    for (var i = 0; i < count; i++) {
      extra.push(Math.max(0, Math.floor(i / each) - 1));
      least.push(value);
      value += 1 << extra[i];
    }
    if (each === 4) { least.push(258); extra.push(0); }
    return { least: least, extra: extra };
  }

  function bytes(text) {
    var value = new Uint8Array(128), size = text.length / 5, out = new Uint8Array(size * 4);
    for (var k = 0; k < 85; k++) value[LETTERS.charCodeAt(k)] = k;
    for (var i = 0, at = 0; i < size; i++) {
      var word = 0;
      for (var j = 0; j < 5; j++) word = word * 85 + value[text.charCodeAt(at++)];
      out[4 * i] = word >>> 24;
      out[4 * i + 1] = word >>> 16;
      out[4 * i + 2] = word >>> 8;
      out[4 * i + 3] = word;
    }
    return out;
  }

  // One table for all codes of a tree: what the next bits stand for, and how many of them.
  function tree(sizes) {
    var most = Math.max.apply(null, sizes), table = new Uint16Array(1 << most), code = 0;
    for (var size = 1; size <= most; size++) {
      for (var symbol = 0; symbol < sizes.length; symbol++) {
        if (sizes[symbol] !== size) continue;
        var turned = 0;
        for (var b = 0; b < size; b++) turned |= (code >> b & 1) << (size - 1 - b);
        for (; turned < table.length; turned += 1 << size) table[turned] = symbol << 4 | size;
        code++;
      }
      code <<= 1;
    }
    return { table: table, mask: table.length - 1 };
  }

  function fixed() {
    var sizes = [];
    for (var i = 0; i < 288; i++) sizes.push(i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8);
    return [tree(sizes), tree(new Array(30).fill(5))];
  }

  function inflate(input) {
    var out = new Uint8Array(Math.max(1024, input.length * 4)), filled = 0, at = 0, held = 0, bits = 0;

    function take(count) {
      while (bits < count) { held |= input[at++] << bits; bits += 8; }
      var found = held & (1 << count) - 1;
      held >>>= count;
      bits -= count;
      return found;
    }
    function symbol(from) {
      while (bits < 15) { held |= input[at++] << bits; bits += 8; }
      var entry = from.table[held & from.mask];
      held >>>= entry & 15;
      bits -= entry & 15;
      return entry >> 4;
    }
    function room(count) {
      if (filled + count <= out.length) return;
      var more = new Uint8Array(Math.max(out.length * 2, filled + count));
      more.set(out);
      out = more;
    }
    function trees() {
      var literals = take(5) + 257, distances = take(5) + 1, count = take(4) + 4, sizes = [];
      var lengths = new Array(19).fill(0);
      for (var i = 0; i < count; i++) lengths[ORDER[i]] = take(3);
      var of = tree(lengths);
      while (sizes.length < literals + distances) {
        var next = symbol(of), again = 1, what = next;
        if (next === 16) { again = 3 + take(2); what = sizes[sizes.length - 1]; }
        if (next === 17) { again = 3 + take(3); what = 0; }
        if (next === 18) { again = 11 + take(7); what = 0; }
        while (again--) sizes.push(what);
      }
      return [tree(sizes.slice(0, literals)), tree(sizes.slice(literals))];
    }
    function stored() {
      // From the next whole byte on; bytes that were read ahead are given back.
      at -= bits >> 3;
      held = bits = 0;
      var count = input[at] | input[at + 1] << 8;
      at += 4;
      room(count);
      out.set(input.subarray(at, at + count), filled);
      filled += count;
      at += count;
    }
    function compressed(both) {
      for (var next = symbol(both[0]); next !== 256; next = symbol(both[0])) {
        room(258);
        if (next < 256) { out[filled++] = next; continue; }
        var count = LENGTHS.least[next - 257] + take(LENGTHS.extra[next - 257]);
        var far = symbol(both[1]);
        far = DISTANCES.least[far] + take(DISTANCES.extra[far]);
        while (count--) { out[filled] = out[filled - far]; filled++; }
      }
    }

    for (var last = 0; !last;) {
      last = take(1);
      var kind = take(2);
      if (kind === 3 || at > input.length + 8) throw new Error("The page is damaged.");
      if (kind === 0) stored(); else compressed(kind === 1 ? fixed() : trees());
    }
    return out.subarray(0, filled);
  }

  function utf8(content) {
    if (window.TextDecoder) return new TextDecoder().decode(content);
    var text = "";
    for (var i = 0; i < content.length; i++) text += "%" + (256 + content[i]).toString(16).slice(1);
    return decodeURIComponent(text);
  }

  wm.inflate = function (element) { return inflate(bytes(element.textContent.trim())); };
  wm.utf8 = utf8;

  // Scripts and styles that stand compressed before this one.
  wm.add = function (tag) {
    var made = document.createElement(tag), packed = document.currentScript.previousElementSibling;
    made.textContent = utf8(wm.inflate(packed));
    document.head.appendChild(made);
    packed.remove();
  };

  // Nobody is left with a blank page. Once the map is there, nothing hides it.
  window.addEventListener("error", function (event) {
    if (event.target !== window || wm.started) return;
    Array.prototype.forEach.call(document.querySelectorAll(".wm-trouble"), function (one) {
      one.hidden = false;
    });
  }, true);
})(window.wmspatial);
